import type {
  BrowserSessionStore,
  StoredBrowserSession,
} from '../identity/browser-session-store.ts'
import { integer, optionalText, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * Browser sessions in SQLite. A deleted one leaves an empty row until it would have expired: a slower request of the
 * same session that ends after the sign-out would otherwise write it back.
 */
export function sqliteBrowserSessions(database: SqliteDatabase): BrowserSessionStore {
  const read = database.prepare(
    'SELECT * FROM browser_sessions WHERE id_hash = ? AND expires_at > ? AND ended = 0',
  )
  const write = database.prepare(`
    INSERT INTO browser_sessions (id_hash, data, person, logout_key, created_at, last_seen_at, expires_at)
    VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (id_hash) DO UPDATE SET data = excluded.data, person = excluded.person, logout_key = excluded.logout_key,
      created_at = excluded.created_at, last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at
    WHERE ended = 0`)
  const touch = database.prepare(`
    UPDATE browser_sessions SET last_seen_at = ?2, expires_at = ?3
    WHERE id_hash = ?1 AND ended = 0 AND expires_at > ?2`)
  const end = database.prepare(
    `UPDATE browser_sessions SET ended = 1, data = '{}', person = NULL, logout_key = NULL WHERE id_hash = ?`,
  )
  const findByLogoutKey = database.prepare(`
    SELECT * FROM browser_sessions
    WHERE logout_key = ? AND expires_at > ? AND ended = 0 ORDER BY created_at LIMIT 1000`)
  const deleteExpired = database.prepare(`
    DELETE FROM browser_sessions
    WHERE rowid IN (SELECT rowid FROM browser_sessions WHERE expires_at <= ? LIMIT ?)`)
  const count = database.prepare(
    'SELECT count(*) AS live FROM browser_sessions WHERE expires_at > ? AND ended = 0',
  )

  return {
    read: (idHash, now) =>
      database.read((): StoredBrowserSession | undefined => {
        const row = read.get(idHash, now)
        return row && sessionIn(row)
      }),
    write: async ({ idHash, data, person, logoutKey, createdAt, lastSeenAt, expiresAt }) => {
      const values = [idHash, data, person ?? null, logoutKey ?? null, createdAt, lastSeenAt]
      await database.write(() => write.run(...values, expiresAt))
    },
    findByLogoutKey: (logoutKey, now) =>
      database.read(() => findByLogoutKey.all(logoutKey, now).map(sessionIn)),
    touch: async (idHash, lastSeenAt, expiresAt) => {
      await database.write(() => touch.run(idHash, lastSeenAt, expiresAt))
    },
    delete: async (idHash) => {
      await database.write(() => end.run(idHash))
    },
    deleteExpired: (now) => database.deleteInSlices(deleteExpired, now),
    countLive: (now) =>
      database.read(() => {
        const row = count.get(now)
        return row ? integer(row, 'live') : 0
      }),
  }
}

function sessionIn(row: Row): StoredBrowserSession {
  return {
    idHash: text(row, 'id_hash'),
    data: text(row, 'data'),
    person: optionalText(row, 'person'),
    logoutKey: optionalText(row, 'logout_key'),
    createdAt: integer(row, 'created_at'),
    lastSeenAt: integer(row, 'last_seen_at'),
    expiresAt: integer(row, 'expires_at'),
  }
}
