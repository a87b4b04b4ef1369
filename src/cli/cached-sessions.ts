import type { CachePlace } from './cache/cache-place.ts'
import { KernelLock } from './cache/kernel-lock.ts'
import { lockOr } from './cache/with-lock.ts'
import { CliFault } from './cli-fault.ts'
import { type HeldSession, isFresh, lifeLeft } from './held-session.ts'
import { mayPass } from './may-pass.ts'
import type { Surroundings } from './surroundings.ts'

const longestWait = 30_000
// Credentials that end sooner help nobody when their source does not answer.
const leastLife = 60_000

/** Credentials from the cache while they are fresh, else from their source, which is asked once by all processes. */
export class CachedSessions {
  readonly #obtain: () => Promise<HeldSession>
  readonly #surroundings: Surroundings

  constructor(obtain: () => Promise<HeldSession>, surroundings: Surroundings) {
    this.#obtain = obtain
    this.#surroundings = surroundings
  }

  /**
   * Fresh credentials; where nobody answers, those at hand while they last. `held` are those that the caller has.
   * CliFault when the lock can't be taken; otherwise what the source throws.
   */
  async current(place: CachePlace | undefined, held?: HeldSession): Promise<HeldSession> {
    const { now } = this.#surroundings.effects
    if (held && isFresh(held, now())) return held
    const fresh = (): HeldSession | undefined => {
      const found = place?.cache.get(place.key)
      return found && isFresh(found, now()) ? found : undefined
    }
    const won = place && (await this.#single(place, fresh))
    if (won && !(won instanceof KernelLock)) return won
    try {
      return await this.#renewed(place, fresh, held)
    } finally {
      won?.[Symbol.dispose]()
    }
  }

  async #renewed(
    place: CachePlace | undefined,
    fresh: () => HeldSession | undefined,
    held: HeldSession | undefined,
  ): Promise<HeldSession> {
    // Somebody may have been quicker between the last look and the lock.
    const found = fresh()
    if (found) return found
    try {
      const session = await this.#obtain()
      place?.cache.put(place.key, session)
      return session
    } catch (error) {
      const { now } = this.#surroundings.effects
      const former = [held, place?.cache.get(place.key)].find(
        (one) => one && lifeLeft(one, now()) > leastLife,
      )
      if (!former || !mayPass(error)) throw error
      const why = error instanceof Error ? error.message : String(error)
      this.#surroundings.stderr(`The former credentials go on until ${former.expiration}: ${why}\n`)
      return former
    }
  }

  async #single(
    { cache, key }: CachePlace,
    fresh: () => HeldSession | undefined,
  ): Promise<KernelLock | HeldSession | undefined> {
    try {
      return await lockOr(cache.lockFile(key), this.#surroundings, longestWait, fresh)
    } catch (cause) {
      throw new CliFault(`The lock ${cache.lockFile(key)} can't be taken. Try --no-cache.`, {
        cause,
      })
    }
  }
}
