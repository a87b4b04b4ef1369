/** A value that does not print itself. */
interface Hidden {
  reveal(): string
}

/** The account that looks people up: a DN, or a UPN in Active Directory. Reading is all that it needs. */
export interface ServiceAccount {
  readonly kind: 'service-account'
  readonly name: string
  readonly password: Hidden
}

/** Without a service account: whoever signs in looks for themselves. There is no `lookUp` then. */
interface AsUser {
  readonly kind: 'as-user'
}

interface CommonSettings {
  /** ID, label and population of the sign-in method. */
  readonly id: string
  readonly label: string
  readonly people: string
  /** `ldaps://dc1.corp.example`, or `ldap://` with `startTls`. By name, because the certificate holds names. In order. */
  readonly urls: readonly string[]
  /** Speak StartTLS (RFC 4511 §4.14) on the plain port. Nothing but that is said before TLS stands. */
  readonly startTls: boolean
  /** PEM of the authorities that may vouch for the directory; undefined for Node's own. */
  readonly ca: string | undefined
  /** Where people are. */
  readonly baseDn: string
  /** Attributes that end up in the identity. Only such that people can't edit themselves. */
  readonly attributes: readonly string[]
  /** Milliseconds for each controller: until the connection stands, and until it has answered one request. 3,000 and 5,000 are plenty. */
  readonly timeouts: { readonly connect: number; readonly answer: number }
}

export interface ActiveDirectorySettings extends CommonSettings {
  readonly preset: 'active-directory'
  readonly bind: ServiceAccount | AsUser
  /** The DNS name of the domain: `corp.example`. */
  readonly realm: string
  /** What people type before the backslash: `CORP`. Undefined: only the realm is taken there. */
  readonly netbiosDomain: string | undefined
  /** Groups as SIDs, or as DNs of the groups below `baseDn` (default: the whole domain). */
  readonly groups: { readonly as: 'sid' | 'dn'; readonly baseDn?: string | undefined }
}

export interface OpenLdapSettings extends CommonSettings {
  readonly preset: 'openldap'
  readonly bind: ServiceAccount
  /** From the `memberOf` that the directory keeps, or from the groups below `baseDn` that name their members. */
  readonly groups:
    { readonly from: 'member-of' } | { readonly from: 'members'; readonly baseDn: string }
}

export type DirectorySettings = ActiveDirectorySettings | OpenLdapSettings
