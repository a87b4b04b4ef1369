import { z } from 'zod'
import { directoryCommon, distinguishedName, serviceAccount } from './directory-common.ts'

const from = 'The memberOf that the directory keeps, or the groups that name their members.'

const groups = z.discriminatedUnion('from', [
  z.strictObject({ from: z.literal('member-of').describe(from) }),
  z.strictObject({
    from: z.literal('members').describe(from),
    baseDn: distinguishedName.describe('From members: where those groups are.'),
  }),
])

/** OpenLDAP, 389 Directory Server and their like. */
export const ldapMethod = z.strictObject({
  type: z.literal('ldap'),
  ...directoryCommon,
  bind: z
    .strictObject(
      serviceAccount(distinguishedName, 'DN of an account that may read people and groups.'),
    )
    .meta({
      description: 'In LDAP, the account that looks people up.',
      examples: [{ name: 'cn=postern,dc=corp,dc=example', password: '${file:directory-password}' }],
    }),
  groups: groups
    .prefault({ from: 'member-of' })
    .describe('In LDAP, where groups come from; grants name them by DN, and nested ones count.'),
})
