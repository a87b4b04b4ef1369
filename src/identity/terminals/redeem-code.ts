import type { Effects } from '../../effects.ts'
import { personKey } from '../identity.ts'
import { readIdentity } from '../identity-text.ts'
import { issuedTokens, type IssuedTokens } from './issued-tokens.ts'
import { mostTerminals } from './most-terminals.ts'
import { readTerminal, type Terminal } from './terminal.ts'
import type { StoredTerminalCode, TerminalCodeStore } from './terminal-code-store.ts'
import { readTerminalFacts, writeTerminalFacts } from './terminal-facts.ts'
import { terminalEnd, type TerminalLife } from './terminal-life.ts'
import type { StoredTerminal } from './terminal-store.ts'
import { newTokenPair, storedTokens } from './token-pair.ts'
import { TokenRefused } from './token-refused.ts'

export interface TerminalCodeParts {
  readonly store: TerminalCodeStore
  readonly life: TerminalLife
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/**
 * `displaced`: sign-ins of the same person that gave way. `reused`: the code came a second time, and what came of it has
 * ended now.
 */
export type Redemption =
  | {
      readonly outcome: 'redeemed'
      readonly terminal: Terminal
      readonly tokens: IssuedTokens
      readonly displaced: readonly Terminal[]
    }
  | { readonly outcome: 'reused'; readonly terminal: Terminal | undefined }

/**
 * The sign-in that an approved code becomes, from `address` on. Rejects with TokenRefused for a code that was not approved
 * or is over, or with StateUnavailable.
 */
export type Redeem = (found: StoredTerminalCode, address: string) => Promise<Redemption>

export function createRedeem({ store, life, effects }: TerminalCodeParts): Redeem {
  return async (found, address) => {
    const at = effects.now().getTime()
    const identity = found.identity === undefined ? undefined : readIdentity(found.identity)
    if (!identity) throw invalidCode('no identity')
    const expiresAt = terminalEnd(found.endsAt, at, life)
    if (expiresAt <= at) throw invalidCode('whoever approved it may not stay any longer')
    const stored: StoredTerminal = {
      id: found.terminal,
      person: personKey(identity.person),
      identity: JSON.stringify(identity),
      facts: writeTerminalFacts(readTerminalFacts(found.facts)),
      createdAt: at,
      lastUsedAt: at,
      lastAddress: address,
      expiresAt,
    }
    const pair = newTokenPair(effects.randomBytes)
    const tokens = storedTokens(pair, at + life.tokenSeconds * 1000)
    const redemption = await store.redeem(
      found.hash,
      { terminal: stored, tokens },
      mostTerminals,
      at,
    )
    if (redemption.outcome === 'unknown') throw invalidCode('expired')
    if (redemption.outcome === 'reused') {
      return { outcome: 'reused', terminal: readTerminal(redemption.ended) }
    }
    const terminal = readTerminal(stored)
    if (!terminal) throw invalidCode('unreadable')
    return {
      outcome: 'redeemed',
      terminal,
      tokens: issuedTokens(pair, expiresAt, life, at),
      displaced: redemption.displaced.flatMap((ended) => readTerminal(ended) ?? []),
    }
  }
}

/** A code that can't be redeemed; `detail` says why to the log alone. */
export function invalidCode(detail: string): TokenRefused {
  const message = 'The code is not valid, was used, or has expired. Run `postern login` again.'
  return new TokenRefused('invalid_grant', message, detail)
}
