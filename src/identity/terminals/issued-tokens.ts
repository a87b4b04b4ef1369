import type { TerminalLife } from './terminal-life.ts'
import type { TokenPair } from './token-pair.ts'

/** What a program gets. Seconds. */
export interface IssuedTokens extends TokenPair {
  readonly expiresIn: number
  readonly sessionExpiresIn: number
}

/** `expiresAt`, when the sign-in ends, and `now` in milliseconds since the epoch. */
export function issuedTokens(
  pair: TokenPair,
  expiresAt: number,
  { tokenSeconds }: TerminalLife,
  now: number,
): IssuedTokens {
  const sessionExpiresIn = Math.max(0, Math.floor((expiresAt - now) / 1000))
  return { ...pair, expiresIn: Math.min(tokenSeconds, sessionExpiresIn), sessionExpiresIn }
}
