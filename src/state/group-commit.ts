import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { Effects } from '../effects.ts'
import { StateUnavailable } from '../errors.ts'
import { isLocked, stateUnavailable } from './sqlite-fault.ts'

/** Past these, a database that stalls would cost more memory, or one transaction more time, than it may. */
const longestQueue = 10_000
const largestBatch = 1_000

/** Another process may hold the write lock for about three seconds; each try itself blocks for the busy time-out. */
const lockTries = 40
const lockPauseMilliseconds = 50

/** Settles a caller once the transaction has ended; `lost` when the transaction as a whole failed. */
type Settle = (lost: Error | undefined) => void

interface PendingWrite {
  /** Does the work inside the transaction, and throws when it fails. */
  readonly run: () => Settle
  readonly refuse: Settle
}

export interface GroupCommitOptions {
  readonly sleep: Effects['sleep']
  /** Called for each write that the database refused. */
  readonly onFailure: () => void
  /** Throws StateUnavailable where no transaction may begin. */
  readonly admit?: () => void
}

/**
 * Collects the writes of one turn of the event loop into one transaction, because a durable commit costs an fsync
 * however much it holds. Each caller's promise settles after COMMIT. A write that fails takes only itself back
 * (SAVEPOINT); a transaction that fails takes back all of its writes.
 */
export class GroupCommit {
  readonly #db: DatabaseSync
  readonly #where: string
  readonly #sleep: Effects['sleep']
  readonly #onFailure: () => void
  readonly #admit: () => void
  readonly #savepoint: StatementSync
  readonly #release: StatementSync
  #queue: PendingWrite[] = []
  #working: Promise<void> | undefined

  constructor(
    db: DatabaseSync,
    where: string,
    { sleep, onFailure, admit = () => undefined }: GroupCommitOptions,
  ) {
    this.#db = db
    this.#where = where
    this.#savepoint = db.prepare('SAVEPOINT one')
    this.#release = db.prepare('RELEASE one')
    this.#sleep = sleep
    this.#onFailure = onFailure
    this.#admit = admit
  }

  /** Runs `work` in the next transaction. Rejects with a BrokerError that it threw, and for all else with StateUnavailable. */
  write<T>(work: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>()
    if (this.#queue.length >= longestQueue) {
      return Promise.reject(
        new StateUnavailable(
          'Postern is busier than its database can bear. Try again in a minute.',
          { detail: `${this.#where}: ${longestQueue} writes are waiting` },
        ),
      )
    }
    const run = () => {
      const value = this.#inSavepoint(work)
      return (lost: Error | undefined) => {
        if (lost) reject(lost)
        else resolve(value)
      }
    }
    this.#queue.push({ run, refuse: reject })
    this.#working ??= this.#work()
    return promise
  }

  /** Resolves when everything written so far is committed or refused. */
  async drain(): Promise<void> {
    await this.#working
  }

  async #work(): Promise<void> {
    while (this.#queue.length > 0) {
      await nextTurn()
      const fault = await this.#begin()
      const batch = this.#queue.splice(0, largestBatch)
      if (fault) for (const write of batch) write.refuse(fault)
      else this.#commit(batch)
    }
    this.#working = undefined
  }

  async #begin(): Promise<Error | undefined> {
    for (let tries = 1; ; tries++) {
      try {
        if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
        this.#admit()
        this.#db.exec('BEGIN IMMEDIATE')
        return undefined
      } catch (error) {
        if (!isLocked(error) || tries >= lockTries) return this.#failed(error)
      }
      await this.#sleep(lockPauseMilliseconds)
    }
  }

  #commit(batch: readonly PendingWrite[]): void {
    const settles: Settle[] = []
    let lost: Error | undefined
    for (const write of batch) {
      // A full disk can end the whole transaction under a single statement (SQLite, Transactions §3.1).
      if (lost) settles.push(write.refuse)
      else {
        try {
          settles.push(write.run())
        } catch (error) {
          const fault = this.#failed(error)
          settles.push((whole) => {
            write.refuse(whole ?? fault)
          })
          if (!this.#db.isTransaction) lost = fault
        }
      }
    }
    lost ??= this.#end()
    for (const settle of settles) settle(lost)
  }

  #end(): Error | undefined {
    try {
      this.#db.exec('COMMIT')
      return undefined
    } catch (error) {
      this.#abandon()
      return this.#failed(error)
    }
  }

  #abandon(): void {
    try {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK')
    } catch {
      // The next BEGIN tries again, and its failure is told.
    }
  }

  #inSavepoint<T>(work: () => T): T {
    this.#savepoint.run()
    try {
      const value = work()
      this.#release.run()
      return value
    } catch (error) {
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK TO one; RELEASE one')
      throw error
    }
  }

  #failed(error: unknown): Error {
    const fault = stateUnavailable(error, this.#where)
    if (fault instanceof StateUnavailable) this.#onFailure()
    return fault
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
