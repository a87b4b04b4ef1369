import { TooManyRequests } from '../../errors.ts'
import { BoundedQueue } from '../bounded-queue.ts'
import { connectController } from './connect-controller.ts'
import { readControllerAddress } from './controller-address.ts'
import { Controllers } from './controllers.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { DirectoryRefusal, DirectoryUnavailable } from './directory-fault.ts'
import type { DirectorySettings } from './directory-settings.ts'
import { DirectoryWatch } from './directory-watch.ts'
import type { ServiceAccountBinder } from './opening-bind.ts'

/** The way to a directory. */
export interface DirectoryAccess {
  /**
   * Works on a connection to the first controller that answers, with nobody bound yet. Rejects with DirectoryUnavailable,
   * or with TooManyRequests where too many are waiting.
   */
  use<Result>(work: (connection: DirectoryConnection) => Promise<Result>): Promise<Result>
  readonly watch: DirectoryWatch
}

const atOnce = { running: 32, waiting: 128 }

/** Connects to nobody yet. Throws an Error for addresses that can't work. */
export function openDirectoryAccess(
  settings: DirectorySettings,
  service: ServiceAccountBinder | undefined,
  now: () => Date,
): DirectoryAccess {
  const addresses = settings.urls.map((url) => readControllerAddress(url, settings.startTls))
  if (addresses.length === 0) throw new Error('a directory needs the URL of a controller')
  const connect = async (address: (typeof addresses)[number]): Promise<DirectoryConnection> =>
    connectController(address, settings)
  const controllers = new Controllers({ addresses, connect, now })
  const queue = new BoundedQueue(atOnce)
  const watch = new DirectoryWatch(
    () => controllers.use(async (connection) => service?.bind(connection)),
    now,
  )
  return {
    watch,
    async use(work) {
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
    },
  }
}
