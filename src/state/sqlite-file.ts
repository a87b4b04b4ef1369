import { closeSync, mkdirSync, openSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { StateUnavailable } from '../errors.ts'
import { migrations } from './migrations.ts'
import { isLocked, stateUnavailable } from './sqlite-fault.ts'

/** Marks the file as ours (SQLite, PRAGMA application_id): "POST". */
const applicationId = 0x504f5354

/** Milliseconds that a statement may block the event loop for another process's lock; GroupCommit waits longer, without blocking. */
const busyMilliseconds = 25
const openingMilliseconds = 2_000

/**
 * Opens the file for reading and writing, creates it (0600, its folder 0700) when there is none, and brings its schema
 * up to date. Throws StateUnavailable that says what is wrong: locked, read-only, damaged, another program's, newer.
 */
export function openSqliteFile(path: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    if (path !== ':memory:') createFile(path)
    db = new DatabaseSync(path, { timeout: openingMilliseconds })
    refuseForeign(db, path)
    // FULL: a commit that was acknowledged survives a loss of power, not only a crash of this process.
    whileLocked(db, 'PRAGMA journal_mode = WAL')
    db.exec('PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF')
    migrate(db, path)
    db.exec(`PRAGMA busy_timeout = ${busyMilliseconds}`)
    return db
  } catch (error) {
    db?.close()
    throw stateUnavailable(error, path)
  }
}

/** Opens an existing file to look only: nothing in it changes. Throws StateUnavailable. */
export function openSqliteFileReadOnly(path: string): DatabaseSync {
  let db: DatabaseSync | undefined
  try {
    statSync(path)
    db = new DatabaseSync(path, { readOnly: true, timeout: openingMilliseconds })
    refuseForeign(db, path)
    refuseNewer(db, path)
    return db
  } catch (error) {
    db?.close()
    throw stateUnavailable(error, path)
  }
}

/** SQLite would create it readable by everyone; its -wal and -shm files take over this mode. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  closeSync(openSync(path, 'a', 0o600))
}

function refuseForeign(db: DatabaseSync, path: string): void {
  // One snapshot, because another process may be creating the tables at this moment.
  db.exec('BEGIN')
  const id = pragma(db, 'application_id')
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'])
  db.exec('COMMIT')
  if (id === applicationId || (id === 0 && tables === 0)) return
  throw new StateUnavailable(
    'The database is another program’s. Point `state` at a file of Postern’s own.',
    { detail: `${path}: application_id ${id}` },
  )
}

function refuseNewer(db: DatabaseSync, path: string): number {
  const version = pragma(db, 'user_version')
  if (version <= migrations.length) return version
  throw new StateUnavailable(
    `The database has schema version ${version}, and this Postern knows ${migrations.length} at most. ` +
      'Start the Postern that wrote it, or restore the copy made before the upgrade.',
    { detail: path },
  )
}

function migrate(db: DatabaseSync, path: string): void {
  // The lock is taken even when nothing is to be done: it tells now, rather than at the first sign-in, that writing works.
  db.exec('BEGIN IMMEDIATE')
  for (const [index, migration] of migrations.entries()) {
    if (refuseNewer(db, path) === index) db.exec(`${migration}; PRAGMA user_version = ${index + 1}`)
  }
  refuseNewer(db, path)
  db.exec(`PRAGMA application_id = ${applicationId}; COMMIT`)
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name])
}

/** Changing the journal mode does not wait for a lock by itself, and two processes may start at once. */
function whileLocked(db: DatabaseSync, sql: string): void {
  for (let tries = 1; ; tries++) {
    try {
      db.exec(sql)
      return
    } catch (error) {
      if (!isLocked(error) || tries >= 50) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20)
    }
  }
}
