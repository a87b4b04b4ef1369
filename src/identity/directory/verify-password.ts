import type { AccountThrottle } from './account-throttle.ts'
import { refusedBind } from './bind-refusal.ts'
import type { Dialect } from './dialect.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal } from './directory-fault.ts'
import type { FoundPerson } from './find-person.ts'

export interface PasswordCheck {
  readonly dialect: Dialect
  readonly throttle: AccountThrottle
  /** Whether the connection may read how near a lockout is. */
  readonly guarded: boolean
  readonly now: number
}

/**
 * Binds as the entry that was found: the one proof that the password is this person's, and not that of whoever the typed
 * name may mean elsewhere. Counts the try before, and looks first whether it could lock the account. DirectoryRefusal.
 */
export async function verifyPassword(
  connection: DirectoryConnection,
  person: FoundPerson,
  password: string,
  { dialect, throttle, guarded, now }: PasswordCheck,
): Promise<void> {
  if (!(await throttle.admit(person.id))) {
    throw new DirectoryRefusal('directory_throttled', undefined, person.account)
  }
  if (guarded) await dialect.guard(connection, person.dn, now)
  connection.commit()
  const refused = await connection.bind(person.dn, password)
  if (refused) throw refusedBind(refused, person.account)
  await throttle.succeeded(person.id)
}
