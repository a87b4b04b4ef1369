import type { SetupParameter, SetupResource } from './setup.ts'

/** What a setup needs of keys and certificates, read before. */
export interface IssuerMaterial {
  /** PEM of the certificates that a trust anchor is made of; undefined where the CA is somebody else's. */
  readonly anchorCertificates?: string | undefined
  /** PEM of the CA's revocation list. */
  readonly revocationList?: string | undefined
  /** The tag that AWS makes of the certificate and that a trust policy can ask for. */
  readonly tag?: { readonly key: string; readonly value: string } | undefined
  /** SAML metadata: Postern's own, or that of the provider behind a sign-in method. */
  readonly metadata?: string | undefined
}

/** One part of an account's setup: of an issuer and the account's roles with it. */
export interface SetupPart {
  readonly accountId: string
  readonly parameters?: readonly SetupParameter[]
  readonly resources: readonly SetupResource[]
  readonly notes?: readonly string[]
}
