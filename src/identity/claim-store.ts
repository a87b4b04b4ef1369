/** Things that may be used once: one atomic insert decides who was first. */
export interface ClaimStore {
  /**
   * True for exactly one caller per (scope, id), however many ask at once, across processes too. The claim is kept until
   * `expiresAt` (milliseconds since the epoch). Rejects with StateUnavailable; callers then refuse.
   */
  claim(scope: string, id: string, expiresAt: number): Promise<boolean>
  deleteExpired(now: number): Promise<number>
}
