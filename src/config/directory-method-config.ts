import type { Secret } from './secret.ts'

interface ServiceAccountConfig {
  readonly kind: 'service-account'
  readonly name: string
  readonly password: Secret
}

interface CommonConfig {
  readonly id: string
  readonly label: string
  readonly people: string
  readonly urls: readonly string[]
  readonly startTls: boolean
  /** PEM. */
  readonly ca: string | undefined
  readonly baseDn: string
  readonly attributes: readonly string[]
  /** Milliseconds for which a sign-in, or a look at the account, is recent enough to issue by. */
  readonly recheck: number
  /** Milliseconds. */
  readonly timeouts: { readonly connect: number; readonly answer: number }
}

/** Sign-in with Active Directory, as the configuration has it. */
export interface ActiveDirectoryMethodConfig extends CommonConfig {
  readonly type: 'active-directory'
  readonly bind: ServiceAccountConfig | { readonly kind: 'as-user' }
  readonly realm: string
  readonly netbiosDomain: string | undefined
  readonly groups: { readonly as: 'sid' | 'dn'; readonly baseDn: string | undefined }
}

/** Sign-in with a plain LDAP directory, as the configuration has it. */
export interface LdapMethodConfig extends CommonConfig {
  readonly type: 'ldap'
  readonly bind: ServiceAccountConfig
  readonly groups:
    { readonly from: 'member-of' } | { readonly from: 'members'; readonly baseDn: string }
}
