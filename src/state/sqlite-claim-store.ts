import { createHash } from 'node:crypto'
import type { ClaimStore } from '../identity/claim-store.ts'
import type { SqliteDatabase } from './sqlite-database.ts'

/** One-time claims in SQLite. IDs are kept as SHA-256, which bounds their size and tells nothing of a code among them. */
export function sqliteClaims(database: SqliteDatabase): ClaimStore {
  const insert = database.prepare(
    'INSERT INTO claims (scope, id_hash, expires_at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING',
  )
  const deleteExpired = database.prepare(
    'DELETE FROM claims WHERE rowid IN (SELECT rowid FROM claims WHERE expires_at <= ? LIMIT ?)',
  )
  return {
    claim: async (scope, id, expiresAt) => {
      const hash = createHash('sha256').update(id).digest()
      const { changes } = await database.write(() => insert.run(scope, hash, expiresAt))
      return Number(changes) === 1
    },
    deleteExpired: (now) => database.deleteInSlices(deleteExpired, now),
  }
}
