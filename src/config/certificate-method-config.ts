import type { Secret } from './secret.ts'

/** Where in a certificate the name of its holder is; `type` tells which. */
type Source =
  | { readonly type: 'upn' | 'email'; readonly domains: readonly string[] }
  | { readonly type: 'spiffe'; readonly trustDomain: string }
  | { readonly type: 'issuer-and-serial' | 'sid' | 'fingerprint' | 'common-name' }

interface AuthorityConfig {
  readonly name: string
  readonly files: readonly string[]
  readonly sources: readonly Source[]
  readonly groups: readonly string[]
}

interface ListConfig {
  readonly location: { readonly file: string } | { readonly url: string }
  readonly refreshSeconds: number
  readonly alarmSeconds: number
}

interface ResponderConfig {
  readonly url: string
  /** All where empty. */
  readonly authorities: readonly string[]
  /** Milliseconds. */
  readonly timeout: number
  readonly nonce: 'required' | 'optional'
}

export interface CertificateRevocationConfig {
  readonly lists: readonly ListConfig[]
  readonly responders: readonly ResponderConfig[]
  readonly failPolicy: 'hard' | 'soft'
}

/** A listener of its own. */
export interface CertificateListenConfig {
  readonly by: 'listener'
  readonly host: string
  readonly port: number
  /** Origin, without a slash at the end. */
  readonly url: string
  readonly certificate: string
  readonly key: string
}

/** A proxy in front of the main listener. */
export interface CertificateProxyConfig {
  readonly by: 'proxy'
  readonly format: 'nginx' | 'haproxy' | 'envoy' | 'alb-verify' | 'alb-passthrough' | 'rfc9440'
  /** Names where they are not the usual ones. */
  readonly headers: Readonly<
    Partial<Record<'certificate' | 'verify' | 'used' | 'chain', string | undefined>>
  >
  readonly addresses: readonly string[]
  readonly proof:
    | { readonly by: 'secret'; readonly header: string; readonly secret: Secret }
    | { readonly by: 'certificate'; readonly authorities: readonly string[] }
    | { readonly by: 'address' }
}

/** Sign-in by client certificate, as the configuration has it. Paths are absolute. */
export interface CertificateMethodConfig {
  readonly type: 'client-certificate'
  readonly id: string
  readonly label: string
  readonly people: string
  readonly authorities: readonly AuthorityConfig[]
  /** Undefined where the configuration says that nothing is ever revoked. */
  readonly revocation: CertificateRevocationConfig | undefined
  /** ID of the sign-in method of a directory. */
  readonly directory: string | undefined
  readonly machines: boolean
  readonly entry: CertificateListenConfig | CertificateProxyConfig
}
