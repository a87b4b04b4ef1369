import type { Secret } from './secret.ts'

/** Where a certificate with its key is: absolute paths, or `pkcs11:` URIs. */
export interface KeyConfig {
  readonly certificate: string
  readonly privateKey: string | undefined
  readonly intermediates: string | undefined
  /** Of the key, or the PIN of the token. */
  readonly passphrase: Secret | undefined
  readonly pkcs11Library: string | undefined
}

interface RolesAnywherePlaceConfig {
  readonly trustAnchorArn: string
  readonly profileArn: string
  readonly region: string | undefined
}

/** What every issuer has. */
interface IssuerCommon {
  /** Seconds for which the same credentials are handed out again; 0 for never. */
  readonly reuse: number
  readonly limit: { readonly perSecond: number; readonly waiting: number }
  /** Region of the service that is asked, unless the role names one. */
  readonly region: string | undefined
}

/** Where the broker's own credentials come from. */
export type SourceConfig =
  | { readonly type: 'environment' }
  | { readonly type: 'profile'; readonly name: string }
  | (RolesAnywherePlaceConfig & {
      readonly type: 'roles-anywhere'
      readonly roleArn: string
      readonly key: KeyConfig
    })

export interface AssumeRoleConfig extends IssuerCommon {
  readonly type: 'assume-role'
  readonly source: SourceConfig
  readonly chained: 'auto' | 'yes' | 'no'
}

export interface RolesAnywhereConfig extends IssuerCommon, RolesAnywherePlaceConfig {
  readonly type: 'roles-anywhere'
  /** One certificate for everybody, or a CA that makes one for each person. */
  readonly key: { readonly use: 'own' | 'authority'; readonly place: KeyConfig }
  readonly sendSessionName: boolean
  /** Of the profile: JSON, and ARNs. AWS applies them; Postern sends none. */
  readonly sessionPolicy: string | undefined
  readonly managedPolicyArns: readonly string[]
}

export interface AssumeRoleWithSamlConfig extends IssuerCommon {
  readonly type: 'assume-role-with-saml'
  /** A sign-in method whose responses are passed on, or Postern's own identity provider. */
  readonly assertions:
    | { readonly from: 'sign-in'; readonly method: string }
    | ({ readonly from: 'identity-provider' } & IdentityProviderConfig)
}

/** Postern as an identity provider of AWS. */
export interface IdentityProviderConfig {
  readonly name: string
  readonly entityId: string | undefined
  readonly keys: readonly KeyConfig[]
}

export interface FederationTokenConfig extends IssuerCommon {
  readonly type: 'federation-token'
  readonly source: Exclude<SourceConfig, { readonly type: 'roles-anywhere' }>
}

/** One way to get credentials; `type` tells which. */
export type IssuerConfig =
  AssumeRoleConfig | RolesAnywhereConfig | AssumeRoleWithSamlConfig | FederationTokenConfig
