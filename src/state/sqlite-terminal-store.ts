import type { Rotation, TerminalStore } from '../identity/terminals/terminal-store.ts'
import { text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { decodeTerminal, terminalRows } from './sqlite-terminal-rows.ts'

/** Sign-ins of the command line in SQLite. A used refresh token stays until its sign-in would have ended, to be known again. */
export function sqliteTerminals(database: SqliteDatabase): TerminalStore {
  const rows = terminalRows(database)
  const use = database.prepare(`
    UPDATE terminal_tokens SET used = 1
    WHERE hash = ?1 AND kind = 'refresh' AND used = 0 AND expires_at > ?2
      AND EXISTS (SELECT 1 FROM terminals WHERE id = terminal AND ended = 0 AND expires_at > ?2)
    RETURNING terminal`)
  const ownerOfUsed = database.prepare(
    `SELECT terminal FROM terminal_tokens WHERE hash = ? AND kind = 'refresh' AND used = 1 AND expires_at > ?`,
  )
  const unuse = database.prepare('UPDATE terminal_tokens SET used = 0 WHERE hash = ?')
  const drop = database.prepare('DELETE FROM terminal_tokens WHERE hash IN (?, ?)')
  const read = database.prepare('SELECT * FROM terminals WHERE id = ?')
  const byAccess = database.prepare(`
    SELECT terminals.* FROM terminal_tokens JOIN terminals ON terminals.id = terminal_tokens.terminal
    WHERE hash = ?1 AND kind = 'access' AND terminal_tokens.expires_at > ?2
      AND ended = 0 AND terminals.expires_at > ?2`)
  const byToken = database.prepare(`
    SELECT terminals.* FROM terminal_tokens JOIN terminals ON terminals.id = terminal_tokens.terminal
    WHERE hash = ?1 AND terminal_tokens.expires_at > ?2 AND ended = 0 AND terminals.expires_at > ?2`)
  const touch = database.prepare(
    'UPDATE terminals SET last_used_at = ?2, last_address = ?3 WHERE id = ?1 AND ended = 0 RETURNING *',
  )
  const ofPerson = database.prepare(`
    SELECT * FROM terminals WHERE person = ? AND ended = 0 AND expires_at > ?
    ORDER BY created_at DESC, rowid DESC LIMIT ?`)
  const forgetTokens = database.prepare(`
    DELETE FROM terminal_tokens
    WHERE rowid IN (SELECT rowid FROM terminal_tokens WHERE expires_at <= ? LIMIT ?)`)
  const forget = database.prepare(`
    DELETE FROM terminals WHERE rowid IN (SELECT rowid FROM terminals WHERE expires_at <= ? LIMIT ?)`)

  return {
    rotate: (refreshHash, next, now, address) =>
      database.write((): Rotation => {
        const won = use.get(refreshHash, now)
        if (won) {
          const terminal = decodeTerminal(touch.get(text(won, 'terminal'), now, address))
          if (!terminal) return { outcome: 'unknown' }
          rows.insertTokens(terminal, next)
          return { outcome: 'rotated', terminal }
        }
        const used = ownerOfUsed.get(refreshHash, now)
        const ended = used && rows.end(text(used, 'terminal'), now)
        return ended ? { outcome: 'reused', terminal: ended } : { outcome: 'unknown' }
      }),
    takeBack: async (refreshHash, { accessHash, refreshHash: nextHash }) => {
      await database.write(() => {
        drop.run(accessHash, nextHash)
        unuse.run(refreshHash)
      })
    },
    findByAccess: (accessHash, now) =>
      database.read(() => decodeTerminal(byAccess.get(accessHash, now))),
    findByToken: (hash, now) => database.read(() => decodeTerminal(byToken.get(hash, now))),
    touch: async (id, at, address) => {
      await database.write(() => touch.get(id, at, address))
    },
    endByToken: (hash, now) =>
      database.write(() => {
        const row = byToken.get(hash, now)
        return row && rows.end(text(row, 'id'), now)
      }),
    endOfPerson: (id, person, now) =>
      database.write(() => {
        const terminal = decodeTerminal(read.get(id))
        return terminal?.person === person ? rows.end(id, now) : undefined
      }),
    ofPerson: (person, now, limit) =>
      database.read(() =>
        ofPerson.all(person, now, limit).flatMap((row) => decodeTerminal(row) ?? []),
      ),
    deleteExpired: async (now) =>
      (await database.deleteInSlices(forgetTokens, now)) +
      (await database.deleteInSlices(forget, now)),
  }
}
