import { PresenceFilter } from 'ldapts'
import { demandUsable, type Proof } from './account-state.ts'
import type { Dialect } from './dialect.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import { type FoundPerson, identify } from './find-person.ts'
import { readSid } from './sid.ts'

/** Somebody as the directory has them at this moment, with an account that may be used. */
export interface DirectoryPerson extends FoundPerson {
  /** Active Directory only. */
  readonly sid: string | undefined
  readonly displayName: string | undefined
  readonly email: string | undefined
  readonly groups: readonly string[]
  readonly attributes: Readonly<Record<string, readonly string[]>>
}

const anything = new PresenceFilter({ attribute: 'objectClass' })

/**
 * Reads the entry of whom a search found: the state of the account first, then groups and attributes. DirectoryRefusal
 * when the account may not be used with this proof, or the entry is no longer the same person's.
 */
export async function readPerson(
  connection: DirectoryConnection,
  dialect: Dialect,
  found: FoundPerson,
  how: { readonly proof: Proof; readonly attributes: readonly string[]; readonly now: number },
): Promise<DirectoryPerson> {
  const [entry] = await connection.search(found.dn, {
    scope: 'base',
    filter: anything,
    attributes: [...new Set([...dialect.attributes, ...how.attributes])],
    binary: dialect.binary,
    sizeLimit: 1,
  })
  if (!entry) throw new DirectoryRefusal('directory_entry', undefined, found.account)
  const { dn, id, account } = identify(dialect, entry)
  if (id !== found.id) throw new DirectoryRefusal('directory_entry', undefined, found.account)
  demandUsable(dialect.accountFault(entry, how.now), how.proof, account)
  const { displayName, email } = dialect.names
  const [sid] = entry.bytes('objectSid')
  const taken = how.attributes.map((name) => [name, entry.texts(name)] as const)
  return {
    dn,
    id,
    account,
    sid: sid && readSid(sid),
    displayName: displayName.map((name) => entry.texts(name)[0]).find(Boolean),
    email: entry.texts(email)[0],
    groups: await dialect.groupsOf(connection, entry),
    attributes: Object.fromEntries(taken.filter(([, values]) => values.length > 0)),
  }
}
