import { AndFilter, EqualityFilter, type Filter, OrFilter } from 'ldapts'
import { windowsAccountFault, windowsStateAttributes } from './account-state.ts'
import type { Dialect } from './dialect.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import type { ActiveDirectorySettings } from './directory-settings.ts'
import { readGuid, writeGuid } from './guid.ts'
import { guardLockout } from './lockout-guard.ts'
import type { PersonKey } from './person-key.ts'
import { writeSid } from './sid.ts'
import { readTypedName } from './typed-name.ts'
import { readTokenGroups, resolveGroups } from './windows-groups.ts'
import { readWindowsDomain, type WindowsDomain } from './windows-domain.ts'

const domainLife = 600_000

/** Active Directory, as Windows Server and Samba have it. */
export function activeDirectory(settings: ActiveDirectorySettings, now: () => Date): Dialect {
  const { groups } = settings
  let known: { readonly domain: WindowsDomain; readonly until: number } | undefined

  async function domainOf(connection: DirectoryConnection): Promise<WindowsDomain> {
    const time = now().getTime()
    if (known && known.until > time) return known.domain
    const domain = await readWindowsDomain(connection)
    known = { domain, until: time + domainLife }
    return domain
  }

  return {
    readName: (typed) => readTypedName(typed, settings),
    filterFor(key, { machines }) {
      const kind = machines ? [] : [equals('objectCategory', 'person')]
      return new AndFilter({ filters: [...kind, equals('objectClass', 'user'), keyFilter(key)] })
    },
    attributes: [
      ...['objectGUID', 'objectSid', 'sAMAccountName', 'displayName', 'mail', 'tokenGroups'],
      ...windowsStateAttributes,
    ],
    binary: ['objectGUID', 'objectSid', 'tokenGroups'],
    names: {
      id: 'objectGUID',
      account: 'sAMAccountName',
      displayName: ['displayName'],
      email: 'mail',
    },
    idOf(entry) {
      const [guid, ...more] = entry.bytes('objectGUID')
      return guid && more.length === 0 ? readGuid(guid) : undefined
    },
    accountFault: windowsAccountFault,
    async groupsOf(connection, entry) {
      const sids = readTokenGroups(entry)
      if (groups.as === 'sid') return sids
      const base = groups.baseDn ?? (await domainOf(connection)).dn
      return resolveGroups(connection, base, entry)
    },
    async guard(connection, dn, time) {
      await guardLockout(connection, dn, (await domainOf(connection)).lockout, time)
    },
  }
}

function keyFilter(key: PersonKey): Filter {
  switch (key.by) {
    case 'name': {
      const filters = [
        ...(key.account === undefined ? [] : [equals('sAMAccountName', key.account)]),
        ...(key.principal === undefined ? [] : [equals('userPrincipalName', key.principal)]),
      ]
      if (filters.length === 0) throw new DirectoryRefusal('directory_name_form')
      return new OrFilter({ filters })
    }
    case 'sid':
      return equals('objectSid', demand(writeSid(key.sid)))
    case 'id':
      return equals('objectGUID', demand(writeGuid(key.id)))
    case 'mail':
      return equals('mail', key.mail)
    case 'alternative-security-identity':
      return equals('altSecurityIdentities', key.value)
  }
}

function equals(attribute: string, value: string | Buffer): Filter {
  return new EqualityFilter({ attribute, value })
}

function demand(bytes: Buffer | undefined): Buffer {
  if (!bytes) throw new DirectoryRefusal('directory_name_form')
  return bytes
}
