import type { Filter } from 'ldapts'
import type { AccountFault } from './account-state.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import type { DirectoryEntry } from './directory-entry.ts'
import type { NameKey, PersonKey } from './person-key.ts'

/** Whom a search may find. */
export interface FindOptions {
  /** Computers and group managed service accounts too, not only people. */
  readonly machines: boolean
}

/** What one kind of directory calls things. */
export interface Dialect {
  /** DirectoryRefusal `directory_name_form` for a name that can't be of this directory. */
  readName(typed: string): NameKey
  /** DirectoryRefusal for a key that this kind of directory doesn't know. */
  filterFor(key: PersonKey, options: FindOptions): Filter
  /** Everything of a person that is read once they are known. */
  readonly attributes: readonly string[]
  /** Those of them that are bytes. */
  readonly binary: readonly string[]
  readonly names: {
    readonly id: string
    readonly account: string
    readonly displayName: readonly string[]
    readonly email: string
  }
  /** The immutable ID; undefined where the entry has none. */
  idOf(entry: DirectoryEntry): string | undefined
  accountFault(entry: DirectoryEntry, now: number): AccountFault | undefined
  groupsOf(connection: DirectoryConnection, entry: DirectoryEntry): Promise<readonly string[]>
  /** Before somebody's password is sent: whether one more wrong one would lock the account. */
  guard(connection: DirectoryConnection, dn: string, now: number): Promise<void>
}
