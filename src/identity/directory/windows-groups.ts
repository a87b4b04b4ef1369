import { EqualityFilter, OrFilter } from 'ldapts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import { readSid } from './sid.ts'

const inOneFilter = 100

/**
 * The SIDs of all groups of somebody: nested ones, and the primary group, which no member attribute holds (MS-ADTS
 * §3.1.1.4.5.19, tokenGroups). DirectoryRefusal when there is none, because everybody has a primary group: then the
 * service account may not read them (it must be in Windows Authorization Access Group).
 */
export function readTokenGroups(entry: DirectoryEntry): string[] {
  const sids = entry.bytes('tokenGroups').map(readSid)
  const whole = sids.filter((sid) => sid !== undefined)
  if (whole.length === 0 || whole.length < sids.length) {
    throw new DirectoryRefusal('directory_groups', 'No tokenGroups.', entry.text('sAMAccountName'))
  }
  return whole
}

/** The DNs of the groups with these SIDs below a base. Groups elsewhere, of other domains for one, are left out. */
export async function resolveGroups(
  connection: DirectoryConnection,
  base: string,
  entry: DirectoryEntry,
): Promise<string[]> {
  const sids = entry.bytes('tokenGroups')
  const found: string[] = []
  for (let start = 0; start < sids.length; start += inOneFilter) {
    const filters = sids
      .slice(start, start + inOneFilter)
      .map((value) => new EqualityFilter({ attribute: 'objectSid', value }))
    const groups = await connection.search(base, {
      scope: 'sub',
      filter: new OrFilter({ filters }),
      attributes: ['objectClass'],
    })
    found.push(...groups.map(({ dn }) => dn))
  }
  return found
}
