import type { Effects } from '../../effects.ts'
import { type Person, personKey } from '../identity.ts'
import { issuedTokens, type IssuedTokens } from './issued-tokens.ts'
import { mostTerminals } from './most-terminals.ts'
import { readTerminal, type Terminal } from './terminal.ts'
import type { TerminalLife } from './terminal-life.ts'
import type { TerminalStore } from './terminal-store.ts'
import { isToken, newTokenPair, secretHash, storedTokens, type TokenPair } from './token-pair.ts'

type Refresh =
  | { readonly outcome: 'rotated'; readonly terminal: Terminal; readonly tokens: IssuedTokens }
  | { readonly outcome: 'reused'; readonly terminal: Terminal }
  | { readonly outcome: 'unknown' }

/** Sign-ins of the command line, from their first tokens on. Every method rejects with StateUnavailable. */
export interface Terminals {
  /**
   * A new pair for a refresh token. One that comes a second time ends the sign-in, whoever has it: one of the two who hold
   * it has stolen it (RFC 9700 §4.14.2). An honest client whose answer was lost signs in again.
   */
  refresh(token: string, address: string): Promise<Refresh>
  /** Undoes a refresh whose pair nobody was given, so that the token serves again. */
  takeBack(token: string, pair: TokenPair): Promise<void>
  /** The sign-in of an access token, noted as used; undefined where none lasts. */
  use(token: string, address: string): Promise<Terminal | undefined>
  /** The sign-in of either token, untouched. */
  ownerOf(token: string): Promise<Terminal | undefined>
  endByToken(token: string): Promise<Terminal | undefined>
  end(id: string, person: Person): Promise<Terminal | undefined>
  /** Those that last, latest first. */
  ofPerson(person: Person): Promise<readonly Terminal[]>
}

export interface TerminalParts {
  readonly store: TerminalStore
  readonly life: TerminalLife
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

const touchEveryMilliseconds = 60_000

export function createTerminals({ store, life, effects }: TerminalParts): Terminals {
  const now = () => effects.now().getTime()
  return {
    async refresh(token, address) {
      if (!isToken(token)) return { outcome: 'unknown' }
      const at = now()
      const pair = newTokenPair(effects.randomBytes)
      const next = storedTokens(pair, at + life.tokenSeconds * 1000)
      const rotation = await store.rotate(secretHash(token), next, at, address)
      const terminal = rotation.outcome === 'unknown' ? undefined : readTerminal(rotation.terminal)
      if (rotation.outcome === 'unknown' || !terminal) return { outcome: 'unknown' }
      if (rotation.outcome === 'reused') return { outcome: 'reused', terminal }
      const tokens = issuedTokens(pair, terminal.expiresAt, life, at)
      return { outcome: 'rotated', terminal, tokens }
    },
    takeBack: (token, { access, refresh }) =>
      store.takeBack(secretHash(token), {
        accessHash: secretHash(access),
        refreshHash: secretHash(refresh),
      }),
    async use(token, address) {
      if (!isToken(token)) return undefined
      const at = now()
      const stored = await store.findByAccess(secretHash(token), at)
      if (!stored) return undefined
      const moved = stored.lastAddress !== address
      // A use from later than now is an old one: the clock was set back.
      if (moved || Math.abs(at - stored.lastUsedAt) >= touchEveryMilliseconds) {
        await store.touch(stored.id, at, address)
      }
      return readTerminal(stored)
    },
    async ownerOf(token) {
      return isToken(token)
        ? readTerminal(await store.findByToken(secretHash(token), now()))
        : undefined
    },
    async endByToken(token) {
      return isToken(token)
        ? readTerminal(await store.endByToken(secretHash(token), now()))
        : undefined
    },
    async end(id, person) {
      return readTerminal(await store.endOfPerson(id, personKey(person), now()))
    },
    async ofPerson(person) {
      const found = await store.ofPerson(personKey(person), now(), mostTerminals)
      return found.flatMap((stored) => readTerminal(stored) ?? [])
    },
  }
}
