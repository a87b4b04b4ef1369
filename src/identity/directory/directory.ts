import type { Effects } from '../../effects.ts'
import type { Identity } from '../identity.ts'
import type { FormSignIn } from '../local-form.ts'
import type { AccountThrottle } from './account-throttle.ts'
import type { Proof } from './account-state.ts'
import { activeDirectory } from './active-directory.ts'
import { decoyTry } from './decoy-try.ts'
import type { FindOptions } from './dialect.ts'
import { openDirectoryAccess } from './directory-access.ts'
import { directoryIdentity } from './directory-identity.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal, DirectoryUnavailable } from './directory-fault.ts'
import type { DirectorySettings } from './directory-settings.ts'
import type { DirectoryWatch } from './directory-watch.ts'
import { evenRefusals } from './even-refusals.ts'
import { findPerson, type FoundPerson } from './find-person.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { openLdap } from './open-ldap.ts'
import { checkByName, ServiceAccountBinder } from './opening-bind.ts'
import type { NameKey, PersonKey } from './person-key.ts'
import { type DirectoryPerson, readPerson } from './read-person.ts'
import { checkTyped } from './typed-name.ts'
import { verifyPassword } from './verify-password.ts'

export interface DirectoryParts {
  readonly settings: DirectorySettings
  /** Counts tries per account; `createAccountThrottle` makes it from the state store. */
  readonly throttle: AccountThrottle
  readonly effects: Pick<Effects, 'now' | 'randomBytes' | 'sleep'>
}

interface LookUpOptions extends Partial<FindOptions> {
  readonly proof: Proof
}

/** A directory as a sign-in method, and as the place where other methods look people up. */
export interface Directory extends FormSignIn {
  /**
   * Whom a key means, if their account may be used now: for tickets and certificates, and for sessions whose last check
   * is old. Rejects with DirectoryRefusal, DirectoryUnavailable (always without a service account) or TooManyRequests.
   */
  lookUp(key: PersonKey, options: LookUpOptions): Promise<DirectoryPerson>
  readonly watch: Pick<DirectoryWatch, 'check' | 'news'>
}

/** Sign-in with Active Directory or a plain LDAP directory. Throws an Error for settings that can't work. */
export function createDirectory({ settings, throttle, effects }: DirectoryParts): Directory {
  const { id, label, people, baseDn, attributes, bind } = settings
  const { now } = effects
  const dialect =
    settings.preset === 'active-directory' ? activeDirectory(settings, now) : openLdap(settings)
  const service = bind.kind === 'service-account' ? new ServiceAccountBinder(bind, now) : undefined
  const realm = settings.preset === 'active-directory' ? settings.realm : ''
  const perAccount = new OneAtATime()
  const access = openDirectoryAccess(settings, service, now)

  async function find(connection: DirectoryConnection, key: PersonKey, machines: boolean) {
    return findPerson(connection, dialect, baseDn, key, { machines })
  }

  async function read(connection: DirectoryConnection, found: FoundPerson, proof: Proof) {
    return readPerson(connection, dialect, found, { proof, attributes, now: now().getTime() })
  }

  async function check(
    connection: DirectoryConnection,
    key: NameKey,
    password: string,
  ): Promise<Identity> {
    if (!service) await checkByName(connection, key, realm, password, throttle)
    const found = await find(connection, key, false)
    const guarded = service !== undefined
    await perAccount.run(found.id, async () => {
      const time = now().getTime()
      await verifyPassword(connection, found, password, { dialect, throttle, guarded, now: time })
    })
    await service?.bind(connection)
    return directoryIdentity(await read(connection, found, 'password'), settings, now())
  }

  /** Whoever is refused unasked must not be told from who is not. */
  async function signIn(
    connection: DirectoryConnection,
    key: NameKey,
    password: string,
  ): Promise<Identity> {
    await service?.bind(connection)
    try {
      return await check(connection, key, password)
    } catch (error) {
      if (service && error instanceof DirectoryRefusal && !connection.committed) {
        const { randomBytes } = effects
        const decoy = { dialect, baseDn, randomBytes, now: now().getTime() }
        await decoyTry(connection, error, decoy)
      }
      throw error
    }
  }

  return {
    id,
    label,
    people,
    watch: access.watch,
    // Only the directory knows, and it isn't asked in passing: a refusal names whom it found.
    knows: () => false,

    verify: (typed) =>
      evenRefusals(async () => {
        const key = dialect.readName(checkTyped(typed))
        return access.use((connection) => signIn(connection, key, typed.password))
      }, effects),

    async lookUp(key, { proof, machines = false }) {
      if (!service) throw new DirectoryUnavailable('looking people up needs a service account')
      return access.use(async (connection) => {
        await service.bind(connection)
        return read(connection, await find(connection, key, machines), proof)
      })
    },
  }
}
