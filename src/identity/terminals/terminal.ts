import type { Identity } from '../identity.ts'
import { readIdentity } from '../identity-text.ts'
import { readTerminalFacts, type TerminalFacts } from './terminal-facts.ts'
import type { StoredTerminal } from './terminal-store.ts'

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

/** Undefined where the identity is not of this version; its owner signs in again. */
export function readTerminal(stored: StoredTerminal | undefined): Terminal | undefined {
  const identity = stored && readIdentity(stored.identity)
  if (!stored || !identity) return undefined
  const { id, createdAt, lastUsedAt, lastAddress, expiresAt } = stored
  const facts = readTerminalFacts(stored.facts)
  return { id, identity, facts, createdAt, lastUsedAt, lastAddress, expiresAt }
}
