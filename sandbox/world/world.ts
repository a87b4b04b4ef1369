/** A policy as it would stand in IAM; read and checked once, when the sandbox starts. */
export type PolicyJson = Readonly<Record<string, unknown>>

export interface AccessKey {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly active?: boolean
}

export interface IamUser {
  readonly name: string
  /** Begins and ends with a slash; `/` when absent. */
  readonly path?: string
  readonly userId: string
  readonly accessKeys: readonly AccessKey[]
  /** What the user may do (identity policies). */
  readonly policies: readonly PolicyJson[]
}

export interface Role {
  readonly name: string
  readonly path?: string
  readonly roleId: string
  /** Seconds, 3600 to 43200. */
  readonly maxSessionDuration: number
  readonly trustPolicy: PolicyJson
  /** What sessions of the role may do; only STS actions matter here. */
  readonly policies?: readonly PolicyJson[]
  readonly tags?: Readonly<Record<string, string>>
}

export interface SamlProvider {
  readonly name: string
  /** The metadata document as one uploads it in IAM, or whoever has it: asked at each use, undefined while there is none. */
  readonly metadata: string | (() => Promise<string | undefined>)
}

/** Of IAM Roles Anywhere, in one region. */
export interface TrustAnchor {
  /** A UUID. */
  readonly id: string
  readonly region: string
  readonly enabled?: boolean
  /** PEM, one certificate or two. */
  readonly certificates: string
  /** PEM of the certificate revocation lists that were imported. */
  readonly revocationLists?: string
}

/** Which part of a certificate becomes which session tags: `CN`, `*`, `DNS`, `URI`, `Name/CN`, ... */
export interface AttributeMapping {
  readonly field: 'x509Subject' | 'x509Issuer' | 'x509SAN'
  readonly specifiers: readonly string[]
}

export interface RolesAnywhereProfile {
  /** A UUID. */
  readonly id: string
  readonly region: string
  readonly enabled?: boolean
  readonly roleArns: readonly string[]
  /** 3600 when absent. */
  readonly durationSeconds?: number
  readonly acceptRoleSessionName?: boolean
  readonly sessionPolicy?: PolicyJson
  readonly managedPolicyArns?: readonly string[]
  /** AWS's default when absent: everything of subject and issuer, the first DNS, URI and directory name. */
  readonly attributeMappings?: readonly AttributeMapping[]
}

export interface Account {
  readonly id: string
  readonly users?: readonly IamUser[]
  readonly roles?: readonly Role[]
  readonly samlProviders?: readonly SamlProvider[]
  readonly trustAnchors?: readonly TrustAnchor[]
  readonly profiles?: readonly RolesAnywhereProfile[]
  /** Keys of the root user, which can't assume roles. */
  readonly rootAccessKeys?: readonly AccessKey[]
  /** Regions in which STS is not activated for this account. */
  readonly disabledRegions?: readonly string[]
}

/** The accounts that exist, all in one partition (`aws` when absent). */
export interface World {
  readonly partition?: string
  readonly accounts: readonly Account[]
}
