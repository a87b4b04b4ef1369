import { type CachePlace, sayUnused } from './cache/cache-place.ts'
import { KernelLock } from './cache/kernel-lock.ts'
import { lockOr } from './cache/with-lock.ts'
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
  #isWithout = false

  constructor(obtain: () => Promise<HeldSession>, surroundings: Surroundings) {
    this.#obtain = obtain
    this.#surroundings = surroundings
  }

  /**
   * Fresh credentials; where nobody answers, those at hand while they last. `held` are those that the caller has.
   * A cache that fails, on a full disk say, is gone without. Throws what the source throws.
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
    let session: HeldSession
    try {
      session = await this.#obtain()
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
    try {
      place?.cache.put(place.key, session)
    } catch (error) {
      this.#goWithout(error)
    }
    return session
  }

  async #single(
    { cache, key }: CachePlace,
    fresh: () => HeldSession | undefined,
  ): Promise<KernelLock | HeldSession | undefined> {
    try {
      return await lockOr(cache.lockFile(key), this.#surroundings, longestWait, fresh)
    } catch (error) {
      this.#goWithout(error)
      return undefined
    }
  }

  // Where the lock can't be taken, the entry can't be written either; said once, that is enough.
  #goWithout(error: unknown): void {
    if (!this.#isWithout) sayUnused(error, this.#surroundings)
    this.#isWithout = true
  }
}
