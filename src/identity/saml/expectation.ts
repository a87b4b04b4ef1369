/** What a response must agree with. Times in milliseconds since the epoch, spans in milliseconds. */
export interface Expectation {
  readonly issuer: string
  readonly audience: string
  readonly recipient: string
  /** ID of the AuthnRequest, or undefined when nothing was asked. */
  readonly requestId: string | undefined
  /** With ForceAuthn: when the request was made. */
  readonly authenticatedAfter: number | undefined
  /** Authentication contexts that were asked for; empty takes any. */
  readonly authnContexts: readonly string[]
  readonly now: number
  readonly skew: number
  readonly maxAge: number
}
