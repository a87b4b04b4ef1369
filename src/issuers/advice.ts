/** One refusal of AWS that Postern knows: how to recognize it, and what to tell people. */
export interface Advice {
  readonly code: RegExp
  /** On AWS's message; the code alone decides when undefined. */
  readonly message?: RegExp
  /** What happened, for anyone. */
  readonly says: string
  readonly causes: readonly string[]
  readonly remedies: readonly string[]
}
