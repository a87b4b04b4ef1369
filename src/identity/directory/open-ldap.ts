import { AndFilter, EqualityFilter, type Filter, OrFilter } from 'ldapts'
import { ldapAccountFault, ldapStateAttributes } from './account-state.ts'
import type { Dialect } from './dialect.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import type { OpenLdapSettings } from './directory-settings.ts'
import { groupsFromMemberOf, groupsFromMembers } from './ldap-groups.ts'
import type { PersonKey } from './person-key.ts'

const personClasses = ['person', 'posixAccount']

/** A plain LDAP directory, as OpenLDAP and 389 Directory Server have it. */
export function openLdap(settings: OpenLdapSettings): Dialect {
  const { groups } = settings
  return {
    readName: (account) => ({ by: 'name', account, principal: undefined }),
    filterFor(key, { machines }) {
      const classes = personClasses.map((name) => equals('objectClass', name))
      const kind = machines ? [] : [new OrFilter({ filters: classes })]
      return new AndFilter({ filters: [...kind, keyFilter(key)] })
    },
    attributes: [
      ...['entryUUID', 'uid', 'displayName', 'cn', 'mail', 'gidNumber', 'memberOf'],
      ...ldapStateAttributes,
    ],
    binary: [],
    names: { id: 'entryUUID', account: 'uid', displayName: ['displayName', 'cn'], email: 'mail' },
    idOf: (entry) => entry.text('entryUUID')?.toLowerCase(),
    accountFault: ldapAccountFault,
    groupsOf: (connection, entry) =>
      groups.from === 'member-of'
        ? groupsFromMemberOf(connection, entry)
        : groupsFromMembers(connection, groups.baseDn, entry),
    // The policy and its count can't be read portably.
    guard: () => Promise.resolve(),
  }
}

function keyFilter(key: PersonKey): Filter {
  if (key.by === 'id') return equals('entryUUID', key.id)
  if (key.by === 'mail') return equals('mail', key.mail)
  if (key.by === 'name' && key.account !== undefined) return equals('uid', key.account)
  throw new DirectoryRefusal('directory_name_form')
}

function equals(attribute: string, value: string): Filter {
  return new EqualityFilter({ attribute, value })
}
