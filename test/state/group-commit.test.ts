import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { AccessDenied, StateUnavailable } from '../../src/errors.ts'
import { GroupCommit } from '../../src/state/group-commit.ts'
import { SqliteDatabase } from '../../src/state/sqlite-database.ts'
import { sleep } from '../conformance/state-engines.ts'
import { TemporaryFolder } from './temporary-folder.ts'

class Bench {
  readonly db = new DatabaseSync(':memory:')
  failures = 0
  readonly commits = new GroupCommit(this.db, 'bench', { sleep, onFailure: () => this.failures++ })

  constructor() {
    this.db.exec(`
      PRAGMA foreign_keys = ON;
      CREATE TABLE word (text TEXT PRIMARY KEY) STRICT;
      CREATE TABLE reply (text TEXT REFERENCES word (text) DEFERRABLE INITIALLY DEFERRED) STRICT;`)
  }

  insert(text: string): Promise<unknown> {
    return this.commits.write(() => this.db.prepare('INSERT INTO word VALUES (?)').run(text))
  }

  /** Fails at COMMIT, because the word that it replies to is not there. */
  insertDangling(): Promise<unknown> {
    return this.commits.write(() => this.db.prepare(`INSERT INTO reply VALUES ('nobody')`).run())
  }

  words(): unknown[] {
    return this.db
      .prepare('SELECT text FROM word ORDER BY 1')
      .all()
      .map(({ text }) => text)
  }
}

const states = async (writes: readonly Promise<unknown>[]): Promise<string[]> =>
  (await Promise.allSettled(writes)).map(({ status }) => status)

describe('group commit', () => {
  test('commits the writes of one turn in one transaction', async () => {
    using folder = new TemporaryFolder()
    const path = folder.file('postern.db')
    const database = new SqliteDatabase(path, { sleep }, () => undefined)
    const watcher = new DatabaseSync(path)
    const insert = database.prepare("INSERT INTO health (id, filler) VALUES (?, x'00')")
    const count = watcher.prepare('SELECT count(*) AS n FROM health')
    const seen: unknown[] = []
    await Promise.all(
      Array.from({ length: 40 }, async (_, index) => {
        await database.write(() => {
          seen.push(count.get()?.['n'])
          return insert.run(index + 10)
        })
        seen.push(count.get()?.['n'])
      }),
    )
    expect(new Set(seen.slice(0, 40))).toEqual(new Set([0]))
    expect(new Set(seen.slice(40))).toEqual(new Set([40]))
    watcher.close()
    await database.close()
  })

  test('fails only the write that fails', async () => {
    const bench = new Bench()
    await bench.insert('a')
    const writes = [bench.insert('b'), bench.insert('a'), bench.insert('c')]
    expect(await states(writes)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    await expect(writes[1]).rejects.toThrow(StateUnavailable)
    expect(bench.words()).toEqual(['a', 'b', 'c'])
    expect(bench.failures).toBe(1)
  })

  test('takes back all that a failing write had done', async () => {
    const bench = new Bench()
    const failing = bench.commits.write(() => {
      bench.db.exec(`INSERT INTO word VALUES ('half')`)
      throw new AccessDenied('no')
    })
    await expect(failing).rejects.toThrow(AccessDenied)
    expect(bench.words()).toEqual([])
    expect(bench.failures).toBe(0)
  })

  test('fails every write of a transaction whose COMMIT fails, and leaves nothing of it', async () => {
    const bench = new Bench()
    const writes = [bench.insert('a'), bench.insertDangling(), bench.insert('b')]
    expect(await states(writes)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(bench.words()).toEqual([])
    await bench.insert('later')
    expect(bench.words()).toEqual(['later'])
  })

  test('acknowledges nothing when a statement ends the transaction under the others', async () => {
    const bench = new Bench()
    const ending = bench.commits.write(() => {
      bench.db.exec('ROLLBACK')
      throw new Error('database or disk is full')
    })
    const writes = [bench.insert('before'), ending, bench.insert('after')]
    expect((await states(writes))[1]).toBe('rejected')
    const kept = (await states(writes)).map((state, index) =>
      state === 'fulfilled' ? ['before', 'never', 'after'][index] : undefined,
    )
    expect(kept.filter(Boolean)).toEqual(bench.words())
  })

  test('refuses rather than queueing without end', async () => {
    const bench = new Bench()
    const writes = Array.from({ length: 10_050 }, (_, index) => bench.insert(`w${index}`))
    const refused = (await states(writes)).filter((state) => state === 'rejected')
    expect(refused).toHaveLength(50)
    expect(bench.words()).toHaveLength(10_000)
  })

  test('says that a full database is full, and works again when there is room', async () => {
    using folder = new TemporaryFolder()
    let failures = 0
    const database = new SqliteDatabase(folder.file('postern.db'), { sleep }, () => failures++)
    const limit = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get()
    limit(1)
    const insert = database.prepare('INSERT INTO health (id, filler) VALUES (?, zeroblob(40000))')
    await expect(database.write(() => insert.run(5))).rejects.toThrow('is full')
    expect(failures).toBe(1)
    limit(100_000)
    await database.write(() => insert.run(5))
    await database.close()
  })
})
