import RateLimiterRes from 'rate-limiter-flexible/lib/RateLimiterRes.js'
import RateLimiterStoreAbstract from 'rate-limiter-flexible/lib/RateLimiterStoreAbstract.js'
import type { Effects } from '../effects.ts'
import type { AttemptRule } from '../identity/attempt-store.ts'

/** The tries of one key in the window that runs; `expiresAt` in milliseconds since the epoch. */
export interface AttemptWindow {
  readonly points: number
  readonly expiresAt: number
}

/** Where windows are kept, whatever the engine. */
export interface AttemptWindows {
  /** Adds to the window that runs, or starts one; atomic. */
  add(key: string, points: number, milliseconds: number): Promise<AttemptWindow>
  read(key: string): Promise<AttemptWindow | undefined>
  delete(key: string): Promise<boolean>
}

/**
 * rate-limiter-flexible's windows on our own storage and our own clock. The package's RateLimiterSQLite fits neither:
 * it takes the time from the machine, and its statements know nothing of group commit.
 */
export class AttemptLimiter extends RateLimiterStoreAbstract {
  readonly #windows: AttemptWindows
  readonly #now: Effects['now']

  constructor(rule: AttemptRule, windows: AttemptWindows, now: Effects['now']) {
    super({ points: rule.limit, duration: rule.windowSeconds, keyPrefix: '', storeClient: windows })
    this.#windows = windows
    this.#now = now
  }

  // The four methods that the package asks of a storage.

  _upsert(key: string, points: number, milliseconds: number): Promise<AttemptWindow> {
    return this.#windows.add(key, points, milliseconds)
  }

  _get(key: string): Promise<AttemptWindow | undefined> {
    return this.#windows.read(key)
  }

  _delete(key: string): Promise<boolean> {
    return this.#windows.delete(key)
  }

  _getRateLimiterRes(_key: string, changed: number, { points, expiresAt }: AttemptWindow) {
    const left = Math.max(expiresAt - this.#now().getTime(), 0)
    return new RateLimiterRes(Math.max(this.points - points, 0), left, points, points === changed)
  }
}
