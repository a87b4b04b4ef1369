import type { Effects } from '../../effects.ts'
import { TooManyRequests } from '../../errors.ts'
import { BoundedQueue } from '../bounded-queue.ts'
import type { Identity } from '../identity.ts'
import type { FormSignIn } from '../local-form.ts'
import type { AccountThrottle } from './account-throttle.ts'
import type { Proof } from './account-state.ts'
import { activeDirectory } from './active-directory.ts'
import { connectController } from './connect-controller.ts'
import { readControllerAddress } from './controller-address.ts'
import { Controllers } from './controllers.ts'
import { decoyTry } from './decoy-try.ts'
import type { FindOptions } from './dialect.ts'
import { directoryIdentity } from './directory-identity.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal, DirectoryUnavailable } from './directory-fault.ts'
import type { DirectorySettings } from './directory-settings.ts'
import { DirectoryWatch } from './directory-watch.ts'
import { findPerson, type FoundPerson } from './find-person.ts'
import { OneAtATime } from './one-at-a-time.ts'
import { openLdap } from './open-ldap.ts'
import { checkByName, ServiceAccountBinder } from './opening-bind.ts'
import type { PersonKey } from './person-key.ts'
import { type DirectoryPerson, readPerson } from './read-person.ts'
import { checkTyped } from './typed-name.ts'
import { verifyPassword } from './verify-password.ts'

export interface DirectoryParts {
  readonly settings: DirectorySettings
  /** Counts tries per account; `createAccountThrottle` makes it from the state store. */
  readonly throttle: AccountThrottle
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
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

const atOnce = { running: 32, waiting: 128 }

/** Sign-in with Active Directory or a plain LDAP directory. Throws an Error for settings that can't work. */
export function createDirectory({ settings, throttle, effects }: DirectoryParts): Directory {
  const { id, label, people, baseDn, attributes, bind } = settings
  const { now } = effects
  const addresses = settings.urls.map((url) => readControllerAddress(url, settings.startTls))
  if (addresses.length === 0) throw new Error('a directory needs the URL of a controller')
  const connect = async (address: (typeof addresses)[number]): Promise<DirectoryConnection> =>
    connectController(address, settings)
  const controllers = new Controllers({ addresses, connect, now })
  const dialect =
    settings.preset === 'active-directory' ? activeDirectory(settings, now) : openLdap(settings)
  const service = bind.kind === 'service-account' ? new ServiceAccountBinder(bind, now) : undefined
  const realm = settings.preset === 'active-directory' ? settings.realm : ''
  const queue = new BoundedQueue(atOnce)
  const perAccount = new OneAtATime()
  const watch = new DirectoryWatch(
    () => controllers.use(async (connection) => service?.bind(connection)),
    now,
  )

  async function use<Result>(
    work: (connection: DirectoryConnection) => Promise<Result>,
  ): Promise<Result> {
    const working = queue.run(() => controllers.use(work))
    if (!working) throw new TooManyRequests('Too many people sign in at once. Wait 2 s.', 2)
    try {
      const result = await working
      watch.works()
      return result
    } catch (error) {
      // A refusal is an answer too.
      if (error instanceof DirectoryRefusal) watch.works()
      if (error instanceof DirectoryUnavailable) watch.mayFail()
      throw error
    }
  }

  async function find(connection: DirectoryConnection, key: PersonKey, machines: boolean) {
    return findPerson(connection, dialect, baseDn, key, { machines })
  }

  async function read(connection: DirectoryConnection, found: FoundPerson, proof: Proof) {
    return readPerson(connection, dialect, found, { proof, attributes, now: now().getTime() })
  }

  return {
    id,
    label,
    people,
    watch,
    // Only the directory knows, and it isn't asked in passing: a refusal names whom it found.
    knows: () => false,

    async verify(typed): Promise<Identity> {
      const key = dialect.readName(checkTyped(typed))
      const { password } = typed
      return use(async (connection) => {
        await service?.bind(connection)
        try {
          if (!service) await checkByName(connection, key, realm, password, throttle)
          const found = await find(connection, key, false)
          await perAccount.run(found.id, async () =>
            verifyPassword(connection, found, password, {
              dialect,
              throttle,
              guarded: service !== undefined,
              now: now().getTime(),
            }),
          )
          await service?.bind(connection)
          const person = await read(connection, found, 'password')
          return directoryIdentity(person, settings, now())
        } catch (error) {
          // Whoever is refused unasked must not be told from who is not, by the time that it takes.
          if (service && error instanceof DirectoryRefusal && !connection.committed) {
            const { randomBytes } = effects
            const decoy = { dialect, baseDn, randomBytes, now: now().getTime() }
            await decoyTry(connection, error, decoy)
          }
          throw error
        }
      })
    },

    async lookUp(key, { proof, machines = false }) {
      if (!service) throw new DirectoryUnavailable('looking people up needs a service account')
      return use(async (connection) => {
        await service.bind(connection)
        return read(connection, await find(connection, key, machines), proof)
      })
    },
  }
}
