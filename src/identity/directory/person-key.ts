/** By what somebody is looked up. Whatever it is, exactly one entry must match. */
export type PersonKey =
  | NameKey
  /** A security identifier, `S-1-5-21-…`: Active Directory only. */
  | { readonly by: 'sid'; readonly sid: string }
  /** The immutable ID, as it stands in the identity: objectGUID or entryUUID. */
  | { readonly by: 'id'; readonly id: string }
  | { readonly by: 'mail'; readonly mail: string }
  /** A value of altSecurityIdentities, `X509:<I>…<SR>…`: Active Directory only. */
  | { readonly by: 'alternative-security-identity'; readonly value: string }

/** By name: an entry matches that has either. With both, whoever has the one and whoever has the other must be one. */
export interface NameKey {
  readonly by: 'name'
  /** sAMAccountName, or uid. */
  readonly account: string | undefined
  /** userPrincipalName: Active Directory only. */
  readonly principal: string | undefined
}
