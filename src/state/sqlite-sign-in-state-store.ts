import type { SignInStateStore, StoredSignInState } from '../identity/sign-in-state-store.ts'
import { integer, optionalText, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/** Sign-in states in SQLite. */
export function sqliteSignInStates(database: SqliteDatabase): SignInStateStore {
  const put = database.prepare(`
    INSERT INTO sign_in_states (id_hash, method, browser_hash, data, expires_at) VALUES (?, ?, ?, ?, ?)
    ON CONFLICT (id_hash) DO UPDATE SET method = excluded.method, browser_hash = excluded.browser_hash,
      data = excluded.data, expires_at = excluded.expires_at`)
  const read = database.prepare('SELECT * FROM sign_in_states WHERE id_hash = ? AND expires_at > ?')
  const take = database.prepare(
    'DELETE FROM sign_in_states WHERE id_hash = ? AND expires_at > ? RETURNING *',
  )
  const deleteExpired = database.prepare(`
    DELETE FROM sign_in_states
    WHERE rowid IN (SELECT rowid FROM sign_in_states WHERE expires_at <= ? LIMIT ?)`)
  return {
    put: async ({ idHash, method, browserHash, data, expiresAt }) => {
      await database.write(() => put.run(idHash, method ?? null, browserHash, data, expiresAt))
    },
    read: (idHash, now) => database.read(() => decode(read.get(idHash, now))),
    take: (idHash, now) => database.write(() => decode(take.get(idHash, now))),
    deleteExpired: (now) => database.deleteInSlices(deleteExpired, now),
  }
}

function decode(row: Row | undefined): StoredSignInState | undefined {
  return (
    row && {
      idHash: text(row, 'id_hash'),
      method: optionalText(row, 'method'),
      browserHash: text(row, 'browser_hash'),
      data: text(row, 'data'),
      expiresAt: integer(row, 'expires_at'),
    }
  )
}
