import type { Credentials } from '../credentials/credentials.ts'
import type { Effects } from '../effects.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { HeldCredentials } from './sts-clients.ts'

export interface RenewalOptions {
  /** Gets new ones. */
  readonly fetch: () => Promise<Credentials>
  readonly effects: Pick<Effects, 'now'>
  readonly logger: Pick<Logger, 'warn'>
}

/** Milliseconds before the end from which on new ones are fetched, while the former go on. */
const ahead = 15 * 60_000
/** Milliseconds before the end from which on they are as good as ended: a call and a clock take some of it. */
const tooLate = 60_000
/** Milliseconds until a renewal that failed is tried again. */
const pause = 30_000

/** Postern's own temporary credentials, fetched when first needed and renewed ahead of their end, by one flight at a time. */
export class RenewedCredentials implements HeldCredentials {
  readonly #options: RenewalOptions
  #held: Credentials | undefined
  #flight: Promise<Credentials> | undefined
  /** Milliseconds since the epoch. */
  #notBefore = 0

  constructor(options: RenewalOptions) {
    this.#options = options
  }

  /** Rejects as `fetch` does, and only when none are left that hold. */
  async current(): Promise<Credentials> {
    const now = this.#options.effects.now().getTime()
    const held = this.#held
    const left = held ? held.expiration.getTime() - now : 0
    if (!held || left <= tooLate) return this.#fetch()
    if (left <= ahead && now >= this.#notBefore) this.#renew(now)
    return held
  }

  forget(): void {
    this.#held = undefined
  }

  #renew(now: number): void {
    this.#notBefore = now + pause
    this.#fetch().catch((error: unknown) => {
      this.#options.logger.warn({ err: error }, 'base credentials could not be renewed yet')
    })
  }

  async #fetch(): Promise<Credentials> {
    this.#flight ??= this.#options.fetch().finally(() => {
      this.#flight = undefined
    })
    const fetched = await this.#flight
    this.#held = fetched
    return fetched
  }
}
