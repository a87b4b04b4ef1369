import type { Dialect, FindOptions } from './dialect.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import type { PersonKey } from './person-key.ts'

/** Who exactly somebody is in the directory. */
export interface FoundPerson {
  readonly dn: string
  readonly id: string
  readonly account: string
}

/** The one entry that a key means. DirectoryRefusal when there is none, or more than one. */
export async function findPerson(
  connection: DirectoryConnection,
  dialect: Dialect,
  baseDn: string,
  key: PersonKey,
  options: FindOptions,
): Promise<FoundPerson> {
  const { id, account } = dialect.names
  const [entry, ...more] = await connection.search(baseDn, {
    scope: 'sub',
    filter: dialect.filterFor(key, options),
    attributes: [id, account],
    binary: dialect.binary,
    sizeLimit: 2,
  })
  if (!entry) throw new DirectoryRefusal('directory_no_such_person')
  if (more.length > 0) throw new DirectoryRefusal('directory_ambiguous')
  return identify(dialect, entry)
}

/** DN, ID and account name of an entry. DirectoryRefusal when one of them is missing or not one. */
export function identify(dialect: Dialect, entry: DirectoryEntry): FoundPerson {
  const id = dialect.idOf(entry)
  const account = entry.text(dialect.names.account)
  // A DN that was not UTF-8 has been altered in decoding.
  if (id === undefined || account === undefined || entry.dn === '' || entry.dn.includes('�')) {
    throw new DirectoryRefusal('directory_entry', undefined, account)
  }
  return { dn: entry.dn, id, account }
}
