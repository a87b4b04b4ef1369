import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { StateUnavailable } from '../../src/errors.ts'
import { openState } from '../../src/state/open-state.ts'
import { sleep, StoppedClock } from '../conformance/state-engines.ts'
import { TemporaryFolder } from './temporary-folder.ts'

const effects = { now: new StoppedClock().now, sleep }

function fault(work: () => unknown): StateUnavailable {
  try {
    work()
  } catch (error) {
    if (error instanceof StateUnavailable) return error
    throw error
  }
  throw new Error('it was opened')
}

describe('opening the state', () => {
  test('creates folder and files that only the owner can read', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('new/data/postern.db')
    const state = openState(`sqlite:${path}`, effects)
    await state.check()
    const modes = readdirSync(folder.file('new/data')).map((name) => [
      name,
      (statSync(folder.file(`new/data/${name}`)).mode & 0o777).toString(8),
    ])
    expect(modes).toEqual([
      ['postern.db', '600'],
      ['postern.db-shm', '600'],
      ['postern.db-wal', '600'],
    ])
    expect(statSync(folder.file('new/data')).mode & 0o777).toBe(0o700)
    await state.close()
  })

  test('finds everything again after a restart', async () => {
    using folder = new TemporaryFolder()
    const location = `sqlite:${folder.file('postern.db')}`
    const before = openState(location, effects)
    await before.claims.claim('a', 'b', 9_000)
    await before.close()
    const after = openState(location, effects)
    expect(await after.claims.claim('a', 'b', 9_000)).toBe(false)
    await after.close()
  })

  test('refuses PostgreSQL and what is no location, saying what to write', () => {
    for (const location of [
      'postgres://db/postern',
      'postgresql://db',
      'mysql://x',
      'data.db',
      '',
    ]) {
      expect(fault(() => openState(location, effects)).message).toContain(
        '`sqlite:./data/postern.db`',
      )
    }
  })

  test('refuses a newer schema, naming both versions, and leaves the file as it is', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    await openState(`sqlite:${path}`, effects).close()
    execute(path, 'PRAGMA user_version = 99')
    const { message } = fault(() => openState(`sqlite:${path}`, effects))
    expect(message).toMatch(/schema version 99.* knows 3 /)
    const db = new DatabaseSync(path)
    expect(db.prepare('PRAGMA user_version').get()).toEqual({ user_version: 99 })
    db.close()
  })

  test('refuses another program’s database', () => {
    using folder = new TemporaryFolder()
    const path = folder.file('theirs.db')
    execute(path, 'CREATE TABLE users (id)')
    expect(fault(() => openState(`sqlite:${path}`, effects)).message).toContain('another program')
  })

  test('says that a file is not a database', () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    writeFileSync(path, 'signIn: []\n'.repeat(500))
    const { message, detail } = fault(() => openState(`sqlite:${path}`, effects))
    expect(message).toContain('is not a database')
    expect(detail).toContain(path)
  })

  test('says that a database is damaged', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    await openState(`sqlite:${path}`, effects).close()
    const content = readFileSync(path)
    writeFileSync(path, content.fill(0xab, 100, 20_000))
    expect(fault(() => openState(`sqlite:${path}`, effects)).message).toMatch(
      /damaged|not a database/,
    )
  })

  test('says that another process has locked it', { timeout: 20_000 }, async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    await openState(`sqlite:${path}`, effects).close()
    const other = new DatabaseSync(path)
    other.exec('BEGIN EXCLUSIVE')
    expect(fault(() => openState(`sqlite:${path}`, effects)).message).toContain(
      'locked by another process',
    )
    other.close()
  })

  test('says that a folder stands where the file should be, or a file where the folder should', () => {
    using folder = new TemporaryFolder()
    const path = folder.file('file')
    writeFileSync(path, '')
    expect(fault(() => openState(`sqlite:${folder.path}`, effects)).detail).toContain('EISDIR')
    expect(fault(() => openState(`sqlite:${path}/postern.db`, effects)).detail).toMatch(
      /ENOTDIR|EEXIST/,
    )
  })

  test('says that a file is read-only', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    await openState(`sqlite:${path}`, effects).close()
    chmodSync(path, 0o444)
    chmodSync(folder.path, 0o555)
    // Permissions don't bind root, so somebody else has to try.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const opener = new URL('./opening-process.ts', import.meta.url).pathname
    const { stdout, stderr } = spawnSync(process.execPath, [opener, path], {
      ...nobody,
      encoding: 'utf8',
    })
    chmodSync(folder.path, 0o755)
    expect(stderr).toBe('')
    expect(stdout).toMatch(/StateUnavailable.*(EACCES|readonly database)/)
  })
})

describe('an open state', () => {
  test.each(['', '-wal'])(
    'takes no write that a removed file would lose (postern.db%s)',
    async (part) => {
      using folder = new TemporaryFolder()
      const path = folder.file('postern.db')
      const state = openState(`sqlite:${path}`, effects)
      expect(await state.claims.claim('a', 'b', 9_000)).toBe(true)
      rmSync(`${path}${part}`)
      await expect(state.claims.claim('a', 'c', 9_000)).rejects.toThrow('moved or deleted')
      await state.close()
    },
  )

  test('takes no write where another file stands in the place of its own', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    const copy = folder.file('copy.db')
    await openState(`sqlite:${copy}`, effects).close()
    const state = openState(`sqlite:${path}`, effects)
    renameSync(copy, path)
    await expect(state.claims.claim('a', 'b', 9_000)).rejects.toThrow('moved or deleted')
    await state.close()
  })

  test('fails its check once the file was moved away from under it', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    const state = openState(`sqlite:${path}`, effects)
    await state.check()
    renameSync(path, folder.file('elsewhere.db'))
    await expect(state.check()).rejects.toThrow('moved or deleted')
    await state.close()
  })

  test('waits for another process’s lock without blocking the event loop', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    const state = openState(`sqlite:${path}`, effects)
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    const claimed = state.claims.claim('a', 'b', 9_000)
    let turns = 0
    for (; turns < 10; turns++) await sleep(20)
    other.exec('COMMIT')
    other.close()
    expect(await claimed).toBe(true)
    expect(turns).toBe(10)
    await state.close()
  })

  test('gives up on a lock that stays, tells it, and works again afterwards', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    let failures = 0
    const state = openState(
      `sqlite:${path}`,
      { ...effects, sleep: () => Promise.resolve() },
      { onFailure: () => failures++ },
    )
    const other = new DatabaseSync(path)
    other.exec('BEGIN IMMEDIATE')
    await expect(state.claims.claim('a', 'b', 9_000)).rejects.toThrow(StateUnavailable)
    await expect(state.check()).rejects.toThrow('locked by another process')
    expect(failures).toBeGreaterThan(0)
    other.exec('ROLLBACK')
    other.close()
    await state.check()
    expect(await state.claims.claim('a', 'b', 9_000)).toBe(true)
    await state.close()
  })

  test('finishes the writes that are on their way when it is closed, and takes no more', async () => {
    using folder = new TemporaryFolder()
    const location = `sqlite:${folder.file('postern.db')}`
    const state = openState(location, effects)
    const pending = Array.from({ length: 3_000 }, (_, id) =>
      state.claims.claim('a', `${id}`, 9_000),
    )
    const closed = state.close()
    await expect(state.claims.claim('a', 'late', 9_000)).rejects.toThrow(StateUnavailable)
    expect((await Promise.all(pending)).every(Boolean)).toBe(true)
    await closed
    await state.close()
    await expect(state.browserSessions.read('x', 0)).rejects.toThrow(StateUnavailable)
    const again = openState(location, effects)
    expect(await again.claims.claim('a', '2999', 9_000)).toBe(false)
    await again.close()
  })

  test('sweeps every table', async () => {
    const state = openState('sqlite::memory:', effects)
    await state.claims.claim('a', 'b', 1_000)
    await state.signInStates.put({
      idHash: 'x',
      method: undefined,
      browserHash: 'y',
      data: '{}',
      expiresAt: 1_000,
    })
    expect(await state.sweep(999)).toBe(0)
    expect(await state.sweep(1_000)).toBe(2)
    await state.close()
  })

  test('holds neither names that were typed nor one-time codes in the clear', async () => {
    using folder = new TemporaryFolder()
    const state = openState(`sqlite:${folder.file('postern.db')}`, effects)
    const rule = { limit: 1, windowSeconds: 60, blockSeconds: 10, maxBlockSeconds: 10 }
    await state.attempts.consume('user:hunter2-typed-into-the-name', rule)
    await state.claims.claim('code', 'hunter2-authorization-code', 9_000)
    const files = readdirSync(folder.path).map((name) => readFileSync(folder.file(name), 'latin1'))
    expect(files.join('')).toContain('browser_sessions')
    expect(files.join('')).not.toContain('hunter2')
    await state.close()
  })
})

function execute(path: string, sql: string): void {
  const db = new DatabaseSync(path)
  db.exec(sql)
  db.close()
}
