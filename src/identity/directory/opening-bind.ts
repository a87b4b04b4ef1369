import type { AccountThrottle } from './account-throttle.ts'
import { readSubCode, refusedBind } from './bind-refusal.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal, DirectoryUnavailable } from './directory-fault.ts'
import type { ServiceAccount } from './directory-settings.ts'
import type { NameKey } from './person-key.ts'

/** Milliseconds for which a refused service account is left alone, so that Postern doesn't lock it for others. */
const refusedServiceAccountRest = 300_000

/** Binds the service account. Rejects with DirectoryUnavailable, at once for a while after it was refused. */
export class ServiceAccountBinder {
  readonly #account: ServiceAccount
  readonly #now: () => Date
  #restUntil = 0

  constructor(account: ServiceAccount, now: () => Date) {
    this.#account = account
    this.#now = now
  }

  async bind(connection: DirectoryConnection): Promise<void> {
    const now = this.#now().getTime()
    const left = this.#restUntil - now
    // A clock that was set back would otherwise keep everybody out for as long.
    if (left > 0 && left <= refusedServiceAccountRest) {
      throw new DirectoryUnavailable('the service account was refused; it is left alone for 5 min')
    }
    const { name, password } = this.#account
    const refused = await connection.bind(name, password.reveal())
    if (!refused) return
    this.#restUntil = now + refusedServiceAccountRest
    const found = [`result ${refused.code}`, readSubCode(refused)].filter(Boolean).join(', data ')
    throw new DirectoryUnavailable(`the service account ${name} was refused: ${found}`)
  }
}

/**
 * Binds as whoever signs in, before they were looked up: a name that the directory may understand otherwise than a search
 * does, so that the bind by DN that follows decides. Counts the try before. DirectoryRefusal.
 */
export async function checkByName(
  connection: DirectoryConnection,
  { account, principal }: NameKey,
  realm: string,
  password: string,
  throttle: AccountThrottle,
): Promise<void> {
  const counted = `name:${(account ?? principal ?? '').toLowerCase()}`
  if (!(await throttle.admit(counted))) throw new DirectoryRefusal('directory_throttled')
  connection.commit()
  const refused = await connection.bind(principal ?? `${account ?? ''}@${realm}`, password)
  if (refused) throw refusedBind(refused)
  await throttle.succeeded(counted)
}
