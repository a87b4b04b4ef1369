import type { Effects } from '../../effects.ts'
import { type Identity, type Person, personKey } from '../identity.ts'
import { readIdentity } from '../identity-text.ts'
import { readTerminalFacts, type TerminalFacts } from './terminal-facts.ts'
import type { StoredTerminal, TerminalStore } from './terminal-store.ts'
import { isToken, newTokenPair, secretHash, storedTokens, type TokenPair } from './token-pair.ts'

/** How long a sign-in of the command line may last. Seconds. */
export interface TerminalLife {
  readonly tokenSeconds: number
  readonly absoluteSeconds: number
}

/** A sign-in of the command line. Times in milliseconds since the epoch. */
export interface Terminal {
  readonly id: string
  readonly identity: Identity
  readonly facts: TerminalFacts
  readonly createdAt: number
  readonly lastUsedAt: number
  readonly lastAddress: string
  readonly expiresAt: number
}

/** What a program gets. Seconds. */
export interface IssuedTokens extends TokenPair {
  readonly expiresIn: number
  readonly sessionExpiresIn: number
}

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
  refresh(token: string): Promise<Refresh>
  /** The sign-in of an access token, noted as used; undefined where none lasts. */
  use(token: string, address: string): Promise<Terminal | undefined>
  /** The sign-in of either token, untouched. */
  ownerOf(token: string): Promise<Terminal | undefined>
  endByToken(token: string): Promise<Terminal | undefined>
  end(id: string, person: Person): Promise<Terminal | undefined>
  ofPerson(person: Person): Promise<readonly Terminal[]>
}

export interface TerminalParts {
  readonly store: TerminalStore
  readonly life: TerminalLife
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

const touchEveryMilliseconds = 60_000
const mostShown = 100

export function createTerminals({ store, life, effects }: TerminalParts): Terminals {
  const now = () => effects.now().getTime()
  return {
    async refresh(token) {
      if (!isToken(token)) return { outcome: 'unknown' }
      const at = now()
      const pair = newTokenPair(effects.randomBytes)
      const next = storedTokens(pair, at + life.tokenSeconds * 1000)
      const rotation = await store.rotate(secretHash(token), next, at)
      const terminal = rotation.outcome === 'unknown' ? undefined : readTerminal(rotation.terminal)
      if (rotation.outcome === 'unknown' || !terminal) return { outcome: 'unknown' }
      if (rotation.outcome === 'reused') return { outcome: 'reused', terminal }
      const tokens = issuedTokens(pair, terminal.expiresAt, life, at)
      return { outcome: 'rotated', terminal, tokens }
    },
    async use(token, address) {
      if (!isToken(token)) return undefined
      const at = now()
      const stored = await store.findByAccess(secretHash(token), at)
      if (!stored) return undefined
      const moved = stored.lastAddress !== address
      if (moved || at - stored.lastUsedAt >= touchEveryMilliseconds) {
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
      const found = await store.ofPerson(personKey(person), now(), mostShown)
      return found.flatMap((stored) => readTerminal(stored) ?? [])
    },
  }
}

export function issuedTokens(
  pair: TokenPair,
  expiresAt: number,
  life: TerminalLife,
  now: number,
): IssuedTokens {
  const sessionExpiresIn = Math.max(0, Math.floor((expiresAt - now) / 1000))
  return { ...pair, expiresIn: Math.min(life.tokenSeconds, sessionExpiresIn), sessionExpiresIn }
}

/** Undefined where the identity is not of this version; its owner signs in again. */
export function readTerminal(stored: StoredTerminal | undefined): Terminal | undefined {
  const identity = stored && readIdentity(stored.identity)
  if (!stored || !identity) return undefined
  const { id, createdAt, lastUsedAt, lastAddress, expiresAt } = stored
  const facts = readTerminalFacts(stored.facts)
  return { id, identity, facts, createdAt, lastUsedAt, lastAddress, expiresAt }
}
