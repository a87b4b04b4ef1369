import { BrokerError, StateUnavailable } from '../errors.ts'

/** What SQLite's primary result code means for whoever waits (SQLite, Result and Error Codes). */
const meanings = new Map([
  [5, 'is locked by another process'],
  [6, 'is locked by another process'],
  [8, 'is read-only'],
  [10, 'can’t be read from or written to its disk'],
  [11, 'is damaged'],
  [13, 'is full'],
  [14, 'can’t be opened'],
  [26, 'is not a database'],
])

/** SQLite's primary result code; undefined for an error that is not SQLite's. */
function sqliteCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error)) return undefined
  return typeof error.errcode === 'number' ? error.errcode & 0xff : undefined
}

/** Whether another process holds the lock that was asked for (SQLITE_BUSY, SQLITE_LOCKED). */
export function isLocked(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === 5 || code === 6
}

/** Any error out of the database as the StateUnavailable that callers answer with; SQLite's words go into `detail`. */
export function stateUnavailable(error: unknown, where: string): BrokerError {
  if (error instanceof BrokerError) return error
  const code = sqliteCode(error)
  const meaning = (code === undefined ? undefined : meanings.get(code)) ?? 'can’t be used'
  return new StateUnavailable(
    `Postern’s database ${meaning}, so nothing was done. Try again in a few minutes, or tell whoever runs Postern.`,
    { detail: `${where}: ${error instanceof Error ? error.message : String(error)}`, cause: error },
  )
}
