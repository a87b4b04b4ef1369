import type { StoredTerminalCode } from '../../src/identity/terminals/terminal-code-store.ts'
import type { StoredTerminal, StoredTokens } from '../../src/identity/terminals/terminal-store.ts'

/** When all of these were made; milliseconds since the epoch. */
export const now = 1_000

export function terminalOf(id: string, more: Partial<StoredTerminal> = {}): StoredTerminal {
  return {
    id,
    person: 'staff/bob',
    identity: '{}',
    facts: '{}',
    createdAt: now,
    lastUsedAt: now,
    lastAddress: '127.0.0.1',
    expiresAt: 9_000,
    ...more,
  }
}

export function codeOf(hash: string, more: Partial<StoredTerminalCode> = {}): StoredTerminalCode {
  return {
    hash,
    userCodeHash: undefined,
    terminal: `of-${hash}`,
    facts: '{}',
    standing: 'approved',
    identity: '{}',
    endsAt: undefined,
    createdAt: now,
    expiresAt: 5_000,
    ...more,
  }
}

export function tokensOf(name: string): StoredTokens {
  return {
    accessHash: `${name}-access`,
    accessExpiresAt: 3_000,
    refreshHash: `${name}-refresh`,
  }
}
