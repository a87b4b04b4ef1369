/** What must survive a round trip through a sign-in: where the visitor was going, kept here and never in a URL. */
export interface StoredSignInState {
  /** SHA-256 of the opaque value that the browser or the identity provider carries. */
  readonly idHash: string
  /** Sign-in method that this was started for, or undefined while none is chosen. */
  readonly method: string | undefined
  /** SHA-256 of the browser's own cookie, so that no other browser can finish it. */
  readonly browserHash: string
  /** JSON: the return path and what belongs to it. */
  readonly data: string
  readonly expiresAt: number
}

/** Sign-in states. Every method rejects with StateUnavailable when the database can't serve. */
export interface SignInStateStore {
  /** Replaces a state of the same `idHash`. */
  put(state: StoredSignInState): Promise<void>
  read(idHash: string, now: number): Promise<StoredSignInState | undefined>
  /** Reads and deletes in one statement: of several callers, one gets it. */
  take(idHash: string, now: number): Promise<StoredSignInState | undefined>
  deleteExpired(now: number): Promise<number>
}
