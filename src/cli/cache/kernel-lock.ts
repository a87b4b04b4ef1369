import type { DatabaseSync } from 'node:sqlite'

/** A lock between processes that the system itself gives back when its holder dies, however it dies. */
export class KernelLock implements Disposable {
  readonly #database: DatabaseSync

  private constructor(database: DatabaseSync) {
    this.#database = database
  }

  /**
   * Takes the lock of a file, which is made where it is missing and stays empty; undefined when another holds it.
   * SQLite's exclusive transaction is such a lock on every system (SQLite documentation, "File Locking And Concurrency").
   */
  static take(path: string): KernelLock | undefined {
    // Loaded by need: mostly the cache answers, and nothing is to be locked.
    const sqlite = process.getBuiltinModule('node:sqlite')
    const database = new sqlite.DatabaseSync(path, { timeout: 0 })
    try {
      database.exec('BEGIN EXCLUSIVE')
      return new KernelLock(database)
    } catch (error) {
      database.close()
      const busy = 5
      if (error instanceof Error && 'errcode' in error && error.errcode === busy) return undefined
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}
