import type { StoredTerminal, StoredTokens } from './terminal-store.ts'

/**
 * A code that becomes a sign-in of the command line once: an authorization code (RFC 6749 §4.1.2), which is approved from
 * the start, or a device code (RFC 8628 §3.2). Times in milliseconds since the epoch.
 */
export interface StoredTerminalCode {
  readonly hash: string
  /** Device codes only: SHA-256 of what people type. */
  readonly userCodeHash: string | undefined
  /** ID that the sign-in will have. */
  readonly terminal: string
  /** JSON of where it comes from, and of what it is bound to. */
  readonly facts: string
  readonly standing: 'pending' | 'approved' | 'denied' | 'used'
  /** JSON of whoever approved it. */
  readonly identity: string | undefined
  /** When the sign-in must end at the latest, where whoever approved it may not stay longer. */
  readonly endsAt: number | undefined
  readonly createdAt: number
  readonly expiresAt: number
}

/** `reused`: the code was used before, and the sign-in that came of it has ended now. */
type Redemption =
  | { readonly outcome: 'redeemed' | 'unknown' }
  | { readonly outcome: 'reused'; readonly ended: StoredTerminal | undefined }

/** Codes of the command line's sign-ins. Every method rejects with StateUnavailable when the database can't serve. */
export interface TerminalCodeStore {
  /** False where the user code is taken. `pollSeconds` is how long a device waits between two questions. */
  insert(code: StoredTerminalCode, pollSeconds: number): Promise<boolean>
  read(hash: string, now: number): Promise<StoredTerminalCode | undefined>
  findByUserCode(userCodeHash: string, now: number): Promise<StoredTerminalCode | undefined>
  /** Decides a pending code: one of any number who decide at once. */
  decide(
    hash: string,
    decision: { readonly identity: string; readonly endsAt: number | undefined } | 'denied',
    now: number,
  ): Promise<boolean>
  /** Notes a device's question; false where it came too early, which lengthens the wait by 5 seconds (RFC 8628 §3.5). */
  poll(hash: string, now: number): Promise<boolean>
  /** Uses an approved code and begins the sign-in, in one transaction. */
  redeem(
    hash: string,
    terminal: StoredTerminal,
    tokens: StoredTokens,
    now: number,
  ): Promise<Redemption>
  /** Uses up a code without a sign-in. */
  burn(hash: string): Promise<void>
  deleteExpired(now: number): Promise<number>
}
