/** A role session as the database holds it. No secret is readable without the key that only the browser's cookie holds. */
export interface StoredRoleSession {
  readonly id: string
  /** `personKey`. */
  readonly person: string
  readonly role: string
  readonly accessKeyId: string
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** JSON of what the results page shows and nobody may abuse: durations, notes, destination, region. */
  readonly facts: string
  /** Credentials and sign-in URL, sealed with AES-256-GCM. */
  readonly sealed: Uint8Array
}

/** Role sessions that the results page may show again. Every method rejects with StateUnavailable when the database can't serve. */
export interface RoleSessionStore {
  insert(session: StoredRoleSession): Promise<void>
  /** Replaces the sealed part and the facts: a new sign-in URL. False when the session is gone. */
  replace(id: string, person: string, facts: string, sealed: Uint8Array): Promise<boolean>
  /** Undefined when there is none of that ID for that person. */
  read(id: string, person: string, now: number): Promise<StoredRoleSession | undefined>
  /** Latest first: what the roles page calls live, and recents. At most `limit`. */
  recent(person: string, limit: number): Promise<readonly Omit<StoredRoleSession, 'sealed'>[]>
  /** Drops sealed parts that have expired at `now`, and whole rows 30 days later. */
  deleteExpired(now: number): Promise<number>
}
