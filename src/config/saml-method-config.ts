import type { Secret } from './secret.ts'

/** Names of attributes; of several the first that is present counts. Undefined leaves it to the preset. */
type AttributeNames = readonly string[] | undefined

/** PEM. */
interface KeyPair {
  readonly certificate: string
  readonly key: Secret
}

/** A SAML sign-in method, as the configuration has it. Sizes in bytes, times in seconds. */
export interface SamlMethodConfig {
  readonly type: 'saml'
  readonly id: string
  readonly label: string
  readonly people: string
  readonly preset: 'adfs' | 'entra' | 'okta' | 'keycloak' | 'google' | 'shibboleth' | undefined
  readonly metadata: {
    /** Absolute. */
    readonly location: { readonly file: string } | { readonly url: string }
    /** PEM. */
    readonly signedBy: string | undefined
    /** SHA-256, 64 lower-case hexadecimal digits each; empty trusts every signing certificate in it. */
    readonly fingerprints: readonly string[]
    readonly refreshSeconds: number
    readonly allowPrivateAddresses: boolean
  }
  readonly providerEntityId: string | undefined
  /** Our own. */
  readonly entityId: string | undefined
  readonly signing: readonly KeyPair[]
  /** PEM. */
  readonly announced: readonly string[]
  readonly decryption: readonly KeyPair[]
  readonly requestBinding: 'redirect' | 'post' | undefined
  readonly nameIdFormat: string | undefined
  readonly authnContexts: readonly string[]
  readonly forceAuthn: boolean
  readonly signed: 'either' | 'assertion' | 'response' | 'both' | undefined
  readonly allowSha1: boolean
  readonly maxSize: number
  readonly clockSkew: number
  readonly maxAge: number
  readonly requestLifetime: number
  readonly idpInitiated: { readonly landings: readonly string[] } | undefined
  readonly attributes: {
    readonly id: AttributeNames
    readonly name: AttributeNames
    readonly displayName: AttributeNames
    readonly email: AttributeNames
    readonly groups: AttributeNames
    readonly awsRoles: AttributeNames
    readonly session: Readonly<Record<string, readonly string[]>>
  }
  readonly logout: boolean
}
