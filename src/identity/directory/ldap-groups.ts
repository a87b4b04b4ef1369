import { AndFilter, EqualityFilter, type Filter, OrFilter, PresenceFilter } from 'ldapts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryRefusal } from './directory-fault.ts'

const mostGroups = 1_000
const inOneFilter = 100
const anything = new PresenceFilter({ attribute: 'objectClass' })

/** Gives the groups that these entries are members of, by DN. */
type Parents = (dns: readonly string[]) => Promise<readonly string[]>

/**
 * The groups that the directory itself names in `memberOf` (OpenLDAP's overlay memberof), and theirs in turn.
 */
export async function groupsFromMemberOf(
  connection: DirectoryConnection,
  person: DirectoryEntry,
): Promise<string[]> {
  const parents: Parents = async (dns) => {
    const found: string[] = []
    for (const dn of dns) {
      const search = { scope: 'base', filter: anything, attributes: ['memberOf'] } as const
      const [group] = await connection.search(dn, { ...search, sizeLimit: 1 })
      found.push(...(group?.texts('memberOf') ?? []))
    }
    return found
  }
  return climb(person.texts('memberOf'), parents)
}

/**
 * The groups below a base that name somebody as `member`, `uniqueMember` or `memberUid`, or are the person's primary group
 * by gidNumber (RFC 2307 §5.3, RFC 4519 §2), and the groups that name those.
 */
export async function groupsFromMembers(
  connection: DirectoryConnection,
  base: string,
  person: DirectoryEntry,
): Promise<string[]> {
  const below = async (filters: Filter[]): Promise<string[]> => {
    const filter = new OrFilter({ filters })
    const groups = await connection.search(base, { scope: 'sub', filter, attributes: ['cn'] })
    return groups.map(({ dn }) => dn)
  }
  const parents: Parents = async (dns) => {
    const found: string[] = []
    for (let start = 0; start < dns.length; start += inOneFilter) {
      found.push(...(await below(dns.slice(start, start + inOneFilter).flatMap(namesMember))))
    }
    return found
  }
  return climb(await below([...namesMember(person.dn), ...posixGroups(person)]), parents)
}

function namesMember(value: string): Filter[] {
  return ['member', 'uniqueMember'].map((attribute) => new EqualityFilter({ attribute, value }))
}

function posixGroups(person: DirectoryEntry): Filter[] {
  const posix = new EqualityFilter({ attribute: 'objectClass', value: 'posixGroup' })
  const terms = [
    ['memberUid', person.text('uid')],
    ['gidNumber', person.text('gidNumber')],
  ] as const
  return terms.flatMap(([attribute, value]) =>
    value === undefined
      ? []
      : [new AndFilter({ filters: [posix, new EqualityFilter({ attribute, value })] })],
  )
}

/** From group to group, each once, so that a circle ends. */
async function climb(first: readonly string[], parents: Parents): Promise<string[]> {
  const known = new Map<string, string>()
  let fresh = first
  while (fresh.length > 0) {
    const added: string[] = []
    for (const dn of fresh) {
      if (known.has(dn.toLowerCase())) continue
      known.set(dn.toLowerCase(), dn)
      added.push(dn)
    }
    if (known.size > mostGroups) {
      throw new DirectoryRefusal('directory_groups', `More than ${mostGroups}.`)
    }
    fresh = added.length > 0 ? await parents(added) : []
  }
  return [...known.values()]
}
