import { statSync } from 'node:fs'
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Effects } from '../effects.ts'
import { StateUnavailable } from '../errors.ts'
import { GroupCommit } from './group-commit.ts'
import { openSqliteFile } from './sqlite-file.ts'
import { stateUnavailable } from './sqlite-fault.ts'

const sliceSize = 1_000

/** One SQLite file as the stores use it: reads at once, writes by group commit, every failure a StateUnavailable. */
export class SqliteDatabase {
  readonly path: string
  readonly #db: DatabaseSync
  readonly #commits: GroupCommit
  readonly #inodes: string
  #closed = false

  constructor(path: string, effects: Pick<Effects, 'sleep'>, onFailure: () => void) {
    this.path = path
    this.#db = openSqliteFile(path)
    this.#inodes = inodesOf(path)
    this.#commits = new GroupCommit(this.#db, path, {
      sleep: effects.sleep,
      onFailure,
      admit: () => {
        this.#refuseMoved()
      },
    })
  }

  prepare(sql: string): StatementSync {
    return this.#db.prepare(sql)
  }

  async read<T>(query: () => T): Promise<T> {
    try {
      await Promise.resolve()
      this.#refuseClosed()
      return query()
    } catch (error) {
      throw stateUnavailable(error, this.path)
    }
  }

  /** Resolves when `work`, which must be synchronous, is durably committed. */
  async write<T>(work: () => T): Promise<T> {
    this.#refuseClosed()
    return this.#commits.write(work)
  }

  /** Runs a DELETE that ends in `LIMIT ?` until it finds no more, in slices, so that nothing waits long behind it. */
  async deleteInSlices(statement: StatementSync, ...values: readonly number[]): Promise<number> {
    let total = 0
    for (;;) {
      const { changes } = await this.write(() => statement.run(...values, sliceSize))
      total += Number(changes)
      if (Number(changes) < sliceSize) return total
    }
  }

  /** Waits for the writes that are on their way, then closes. */
  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#commits.drain()
    this.#db.close()
  }

  /** SQLite goes on writing to a file that was deleted, and what it acknowledges then is lost: the trail, and what was used. */
  #refuseMoved(): void {
    if (inodesOf(this.path) === this.#inodes) return
    throw new StateUnavailable('Postern’s database file was moved or deleted. Restart Postern.', {
      detail: this.path,
    })
  }

  #refuseClosed(): void {
    if (this.#closed) {
      throw new StateUnavailable('Postern is stopping. Try again in a minute.', {
        detail: `${this.path} is closed`,
      })
    }
  }
}

/** Of the file and of its log, where everything stands that was written of late. */
function inodesOf(path: string): string {
  if (path === ':memory:') return ''
  const inodes = [path, `${path}-wal`].map(
    (file) => statSync(file, { bigint: true, throwIfNoEntry: false })?.ino ?? 'none',
  )
  return inodes.join(' ')
}
