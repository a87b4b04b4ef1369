import type { ControllerAddress } from './controller-address.ts'
import type { DirectoryConnection } from './directory-connection.ts'
import { ControllerSilent, DirectoryUnavailable } from './directory-fault.ts'

/** Milliseconds for which a controller that gave no answer is asked last. */
export const silentControllerRest = 60_000

export interface ControllersParts {
  readonly addresses: readonly ControllerAddress[]
  /** Rejects with ControllerSilent when the connection doesn't stand in time. */
  readonly connect: (address: ControllerAddress) => Promise<DirectoryConnection>
  readonly now: () => Date
}

/** The controllers of one directory, tried in order; one that gave no answer is tried last for a while. */
export class Controllers {
  readonly #parts: ControllersParts
  readonly #restUntil = new Map<string, number>()

  constructor(parts: ControllersParts) {
    this.#parts = parts
  }

  /**
   * Works on a connection of its own, which is closed in any case. Another controller is asked when one gives no answer,
   * unless a password was sent: then two might count the same wrong one. Rejects with DirectoryUnavailable when none
   * answers.
   */
  async use<Result>(work: (connection: DirectoryConnection) => Promise<Result>): Promise<Result> {
    const failures: string[] = []
    for (const address of this.#order()) {
      let connection: DirectoryConnection | undefined
      try {
        connection = await this.#parts.connect(address)
        const result = await work(connection)
        this.#restUntil.delete(address.url)
        return result
      } catch (error) {
        if (!(error instanceof ControllerSilent)) throw error
        this.#restUntil.set(address.url, this.#parts.now().getTime() + silentControllerRest)
        failures.push(`${address.url}: ${error.message}`)
        if (connection?.committed) break
      } finally {
        await connection?.close()
      }
    }
    throw new DirectoryUnavailable(failures.join('; '))
  }

  #order(): ControllerAddress[] {
    const now = this.#parts.now().getTime()
    const resting = ({ url }: ControllerAddress): boolean => (this.#restUntil.get(url) ?? 0) > now
    const { addresses } = this.#parts
    return [...addresses.filter((one) => !resting(one)), ...addresses.filter(resting)]
  }
}
