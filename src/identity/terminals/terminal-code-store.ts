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
  /** `claimed`: somebody approves it, and their approval is not recorded yet. */
  readonly standing: 'pending' | 'claimed' | 'approved' | 'denied' | 'used'
  /** JSON of whoever approved it. */
  readonly identity: string | undefined
  /** When the sign-in must end at the latest, where whoever approved it may not stay longer. */
  readonly endsAt: number | undefined
  readonly createdAt: number
  readonly expiresAt: number
}

/** Whoever approves a code, as it is kept. */
interface StoredApprover {
  /** JSON of the identity. */
  readonly identity: string
  readonly endsAt: number | undefined
}

/**
 * `displaced`: sign-ins of the same person that gave way and have ended now. `reused`: the code was used before, and the
 * sign-in that came of it has ended now.
 */
type Redemption =
  | { readonly outcome: 'redeemed'; readonly displaced: readonly StoredTerminal[] }
  | { readonly outcome: 'unknown' }
  | { readonly outcome: 'reused'; readonly ended: StoredTerminal | undefined }

/** Codes of the command line's sign-ins. Every method rejects with StateUnavailable when the database can't serve. */
export interface TerminalCodeStore {
  /** False where the user code is taken. `pollSeconds` is how long a device waits between two questions. */
  insert(code: StoredTerminalCode, pollSeconds: number): Promise<boolean>
  read(hash: string, now: number): Promise<StoredTerminalCode | undefined>
  findByUserCode(userCodeHash: string, now: number): Promise<StoredTerminalCode | undefined>
  /** Takes a pending code for one of any number who decide at once. It can't be redeemed yet. */
  claim(hash: string, approver: StoredApprover, now: number): Promise<boolean>
  /** Lets a claimed code be redeemed; false where it has expired meanwhile. */
  approve(hash: string, now: number): Promise<boolean>
  /** Makes a claimed code pending again. */
  giveBack(hash: string): Promise<void>
  /** Denies a pending code; false where somebody else has decided, or time has. */
  deny(hash: string, now: number): Promise<boolean>
  /** Notes a device's question; false where it came too early, which lengthens the wait by 5 seconds (RFC 8628 §3.5). */
  poll(hash: string, now: number): Promise<boolean>
  /**
   * Uses an approved code, begins the sign-in, and ends those of the same person that were not used for longest, so that
   * `most` last, in one transaction.
   */
  redeem(
    hash: string,
    begun: { readonly terminal: StoredTerminal; readonly tokens: StoredTokens },
    most: number,
    now: number,
  ): Promise<Redemption>
  /** Uses up a code without a sign-in. */
  burn(hash: string): Promise<void>
  deleteExpired(now: number): Promise<number>
}
