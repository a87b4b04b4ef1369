/** What an issuer can promise about time before it is asked. Seconds. */
export interface IssuerLimits {
  readonly maxSeconds: number
  /** Whether the console may be given a life of its own, or ends with the credentials. */
  readonly console: 'own-duration' | 'as-credentials'
  /** Why it is less than people would expect, as the end of "1 hour, because ..."; undefined where nothing is cut. */
  readonly why: string | undefined
}

/** Seconds, and one sentence for people. */
export interface PlannedDuration {
  readonly seconds: number
  readonly maxSeconds: number
  readonly why: string
}

/** How long credentials and console will last, and why, before anything is issued. */
export interface DurationPlan {
  readonly credentials: PlannedDuration
  readonly console: PlannedDuration & { readonly send: boolean }
}
