import type { SqliteDatabase } from './sqlite-database.ts'

/**
 * A probe that writes for real. It asks for as much new room as a large event of the trail would take, and leaves a few
 * kilobytes behind in the log, so that a full disk shows even where a freed page would have taken a small write.
 */
export function healthProbe(database: SqliteDatabase): () => Promise<void> {
  const claimRoom = database.prepare('INSERT INTO health (id, filler) VALUES (2, zeroblob(16384))')
  const giveBack = database.prepare('DELETE FROM health WHERE id = 2')
  const leave = database.prepare(
    'INSERT OR REPLACE INTO health (id, filler) VALUES (1, randomblob(4096))',
  )
  return async () => {
    await database.write(() => {
      claimRoom.run()
      giveBack.run()
      leave.run()
    })
  }
}
