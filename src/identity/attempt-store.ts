export interface AttemptVerdict {
  readonly allowed: boolean
  /** Whole seconds until the next try is taken; 0 when allowed. */
  readonly retryAfterSeconds: number
}

/** Counts tries per key (an address, a user). The wait grows with each block in a row, and the count is shared by all instances. */
export interface AttemptStore {
  /** Takes one try. `limit` tries per `windowSeconds`; past it, blocked for a time that doubles each time up to `maxBlockSeconds`. */
  consume(key: string, rule: AttemptRule): Promise<AttemptVerdict>
  /** Whether a try would be taken, without taking it. */
  peek(key: string, rule: AttemptRule): Promise<AttemptVerdict>
  /** Forgets the key: after a success. */
  reset(key: string): Promise<void>
  deleteExpired(now: number): Promise<number>
}

export interface AttemptRule {
  readonly limit: number
  readonly windowSeconds: number
  readonly blockSeconds: number
  readonly maxBlockSeconds: number
}
