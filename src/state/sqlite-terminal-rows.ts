import type { StoredTerminal, StoredTokens } from '../identity/terminals/terminal-store.ts'
import { integer, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/** The statements on sign-ins of the command line that belong inside larger transactions. */
export interface TerminalRows {
  insert(terminal: StoredTerminal): void
  insertTokens(terminal: StoredTerminal, tokens: StoredTokens): void
  /** Undefined where none of that ID lasts. */
  end(id: string, now: number): StoredTerminal | undefined
  /** Ends those of the same person that were not used for longest, so that `most` last with this one. */
  displace(by: StoredTerminal, most: number, now: number): readonly StoredTerminal[]
}

export function terminalRows(database: SqliteDatabase): TerminalRows {
  const insert = database.prepare(`
    INSERT INTO terminals (id, person, identity, facts, created_at, last_used_at, last_address, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const insertToken = database.prepare(
    'INSERT INTO terminal_tokens (hash, terminal, kind, expires_at) VALUES (?, ?, ?, ?)',
  )
  const end = database.prepare(
    'UPDATE terminals SET ended = 1 WHERE id = ? AND ended = 0 AND expires_at > ? RETURNING *',
  )
  const displace = database.prepare(`
    UPDATE terminals SET ended = 1 WHERE id IN
      (SELECT id FROM terminals WHERE person = ?1 AND id <> ?2 AND ended = 0 AND expires_at > ?3
       ORDER BY last_used_at DESC, rowid DESC LIMIT -1 OFFSET ?4)
    RETURNING *`)
  return {
    insert(terminal) {
      const { id, person, identity, facts, createdAt, lastUsedAt, lastAddress } = terminal
      const values = [id, person, identity, facts, createdAt, lastUsedAt, lastAddress]
      insert.run(...values, terminal.expiresAt)
    },
    insertTokens({ id, expiresAt }, { accessHash, accessExpiresAt, refreshHash }) {
      insertToken.run(accessHash, id, 'access', Math.min(accessExpiresAt, expiresAt))
      insertToken.run(refreshHash, id, 'refresh', expiresAt)
    },
    end: (id, now) => decodeTerminal(end.get(id, now)),
    displace: ({ id, person }, most, now) =>
      displace.all(person, id, now, most - 1).flatMap((row) => decodeTerminal(row) ?? []),
  }
}

export function decodeTerminal(row: Row | undefined): StoredTerminal | undefined {
  return (
    row && {
      id: text(row, 'id'),
      person: text(row, 'person'),
      identity: text(row, 'identity'),
      facts: text(row, 'facts'),
      createdAt: integer(row, 'created_at'),
      lastUsedAt: integer(row, 'last_used_at'),
      lastAddress: text(row, 'last_address'),
      expiresAt: integer(row, 'expires_at'),
    }
  )
}
