/** A sign-in of the command line as the database holds it; no secret among it. Times in milliseconds since the epoch. */
export interface StoredTerminal {
  /** Names it on pages and in the trail, and opens nothing. */
  readonly id: string
  /** `personKey` of whoever approved it. */
  readonly person: string
  /** JSON of the identity. */
  readonly identity: string
  /** JSON of where it comes from. */
  readonly facts: string
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly lastAddress: string
  /** When refreshing ends. */
  readonly expiresAt: number
}

/** SHA-256 of a pair of tokens. The refresh token lasts as long as its sign-in. */
export interface StoredTokens {
  readonly accessHash: string
  readonly accessExpiresAt: number
  readonly refreshHash: string
}

/** `reused`: the token was used before, and the whole sign-in has ended now. */
export type Rotation =
  | { readonly outcome: 'rotated' | 'reused'; readonly terminal: StoredTerminal }
  | { readonly outcome: 'unknown' }

/** Sign-ins of the command line. Every method rejects with StateUnavailable when the database can't serve. */
export interface TerminalStore {
  /**
   * Takes a refresh token for a new pair and notes the use, in one transaction: of any number who ask at once, one gets it.
   */
  rotate(refreshHash: string, next: StoredTokens, now: number, address: string): Promise<Rotation>
  /** Undoes a rotation: the pair is gone, and the token unused again. */
  takeBack(
    refreshHash: string,
    next: Pick<StoredTokens, 'accessHash' | 'refreshHash'>,
  ): Promise<void>
  /** The sign-in that lasts and that an access token belongs to. */
  findByAccess(accessHash: string, now: number): Promise<StoredTerminal | undefined>
  /** The sign-in that lasts and that either token belongs to, used or not. */
  findByToken(hash: string, now: number): Promise<StoredTerminal | undefined>
  touch(id: string, at: number, address: string): Promise<void>
  /** Ends the sign-in that either token belongs to, used or not; undefined where none lasts. */
  endByToken(hash: string, now: number): Promise<StoredTerminal | undefined>
  /** Ends one sign-in of a person; undefined where it is another person's, or none lasts. */
  endOfPerson(id: string, person: string, now: number): Promise<StoredTerminal | undefined>
  /** Those that last, latest first. */
  ofPerson(person: string, now: number, limit: number): Promise<readonly StoredTerminal[]>
  deleteExpired(now: number): Promise<number>
}
