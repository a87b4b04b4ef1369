/** A browser session as the database holds it: no session ID, only its SHA-256. Times in milliseconds since the epoch. */
export interface StoredBrowserSession {
  readonly idHash: string
  /** JSON of the session's content; holds no secret. */
  readonly data: string
  /** `personKey` of whoever is signed in, or undefined before sign-in. */
  readonly person: string | undefined
  /** What a sign-out at an identity provider finds the session by, or undefined where there is none to wait for. */
  readonly logoutKey: string | undefined
  readonly createdAt: number
  readonly lastSeenAt: number
  /** The earlier of the idle and the absolute end. */
  readonly expiresAt: number
}

/** Browser sessions. Every method rejects with StateUnavailable when the database can't serve. */
export interface BrowserSessionStore {
  /** Undefined when there is none or it has expired at `now`. */
  read(idHash: string, now: number): Promise<StoredBrowserSession | undefined>
  write(session: StoredBrowserSession): Promise<void>
  touch(idHash: string, lastSeenAt: number, expiresAt: number): Promise<void>
  delete(idHash: string): Promise<void>
  /** The sessions of a logout key that last at `now`. */
  findByLogoutKey(logoutKey: string, now: number): Promise<readonly StoredBrowserSession[]>
  deleteExpired(now: number): Promise<number>
  countLive(now: number): Promise<number>
}
