import type { Effects } from '../effects.ts'
import { AwsUnavailable } from '../errors.ts'
import { AwsThrottled } from './aws-throttled.ts'

export interface CircuitOptions {
  /** Failures in a row that open it. */
  readonly failures?: number | undefined
  /** Milliseconds that it stays open before one call tries. */
  readonly pause?: number | undefined
}

/** The endpoint has failed several times in a row and is left alone for a while. */
export class CircuitOpen extends AwsUnavailable {}

/**
 * Leaves an endpoint alone that gives no answers: after several failures in a row every call fails at once, until a pause
 * is over and one call has tried. A refusal and throttling are answers (M. Nygard, "Release It!", Circuit Breaker).
 */
export class Circuit {
  readonly #place: string
  readonly #now: Effects['now']
  readonly #most: number
  readonly #pause: number
  #failures = 0
  #failingSince: Date | undefined
  /** Milliseconds since the epoch. */
  #openUntil = 0
  #trying = false

  constructor(
    place: string,
    effects: Pick<Effects, 'now'>,
    { failures = 5, pause = 20_000 }: CircuitOptions = {},
  ) {
    this.#place = place
    this.#now = effects.now
    this.#most = failures
    this.#pause = pause
  }

  /** Why nothing is asked there at the moment, for operators; undefined while it answers. */
  get fault(): string | undefined {
    if (!this.#isOpen || !this.#failingSince) return undefined
    const since = this.#failingSince.toISOString()
    return `${this.#place} has not answered since ${since} (${this.#failures} failures in a row)`
  }

  /** Runs the call, or throws CircuitOpen. */
  async run<Answer>(call: () => Promise<Answer>): Promise<Answer> {
    const isTrial = this.#isOpen
    if (isTrial) this.#admitTrial()
    try {
      const answer = await call()
      this.#answered()
      return answer
    } catch (error) {
      if (error instanceof AwsUnavailable && !(error instanceof AwsThrottled)) this.#failed()
      else this.#answered()
      throw error
    } finally {
      if (isTrial) this.#trying = false
    }
  }

  get #isOpen(): boolean {
    return this.#failures >= this.#most
  }

  #admitTrial(): void {
    const left = this.#openUntil - this.#now().getTime()
    // A clock that was set back would otherwise keep it open for as long.
    const isPause = left > 0 && left <= this.#pause
    if (isPause || this.#trying) {
      const seconds = Math.max(1, Math.ceil(left / 1000))
      throw new CircuitOpen(
        `AWS at ${this.#place} has not answered for a while. Postern asks it again in ${seconds} seconds; try again then.`,
        { detail: this.fault ?? this.#place },
      )
    }
    this.#trying = true
  }

  #answered(): void {
    this.#failures = 0
    this.#failingSince = undefined
  }

  #failed(): void {
    this.#failures += 1
    this.#failingSince ??= this.#now()
    if (this.#isOpen) this.#openUntil = this.#now().getTime() + this.#pause
  }
}
