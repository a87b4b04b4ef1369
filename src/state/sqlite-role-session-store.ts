import type {
  RoleSessionStore,
  StoredRoleSession,
} from '../web/role-sessions/role-session-store.ts'
import { bytes, integer, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

const keptMilliseconds = 30 * 24 * 60 * 60 * 1_000

/** Role sessions in SQLite. */
export function sqliteRoleSessions(database: SqliteDatabase): RoleSessionStore {
  const insert = database.prepare(`
    INSERT INTO role_sessions (id, person, role, access_key_id, issued_at, expires_at, facts, sealed)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)`)
  const replace = database.prepare(`
    UPDATE role_sessions SET facts = ?, sealed = ?
    WHERE id = ? AND person = ? AND sealed IS NOT NULL`)
  const read = database.prepare(`
    SELECT * FROM role_sessions
    WHERE id = ? AND person = ? AND expires_at > ? AND sealed IS NOT NULL`)
  const recent = database.prepare(`
    SELECT id, person, role, access_key_id, issued_at, expires_at, facts FROM role_sessions
    WHERE person = ? ORDER BY issued_at DESC, rowid DESC LIMIT ?`)
  const unseal = database.prepare(`
    UPDATE role_sessions SET sealed = NULL WHERE rowid IN
      (SELECT rowid FROM role_sessions WHERE expires_at <= ? AND sealed IS NOT NULL LIMIT ?)`)
  const forget = database.prepare(`
    DELETE FROM role_sessions
    WHERE rowid IN (SELECT rowid FROM role_sessions WHERE expires_at <= ? LIMIT ?)`)

  return {
    insert: async (session) => {
      const { id, person, role, accessKeyId, issuedAt, expiresAt, facts, sealed } = session
      await database.write(() =>
        insert.run(id, person, role, accessKeyId, issuedAt, expiresAt, facts, sealed),
      )
    },
    replace: async (id, person, facts, sealed) => {
      const { changes } = await database.write(() => replace.run(facts, sealed, id, person))
      return Number(changes) === 1
    },
    read: (id, person, now) =>
      database.read((): StoredRoleSession | undefined => {
        const row = read.get(id, person, now)
        return row && { ...decode(row), sealed: bytes(row, 'sealed') }
      }),
    recent: (person, limit) => database.read(() => recent.all(person, limit).map(decode)),
    deleteExpired: async (now) =>
      (await database.deleteInSlices(unseal, now)) +
      (await database.deleteInSlices(forget, now - keptMilliseconds)),
  }
}

function decode(row: Row): Omit<StoredRoleSession, 'sealed'> {
  return {
    id: text(row, 'id'),
    person: text(row, 'person'),
    role: text(row, 'role'),
    accessKeyId: text(row, 'access_key_id'),
    issuedAt: integer(row, 'issued_at'),
    expiresAt: integer(row, 'expires_at'),
    facts: text(row, 'facts'),
  }
}
