/** Runs so many tasks at once, lets so many wait in order, and turns away the rest. */
export class BoundedQueue {
  readonly #limit: { readonly running: number; readonly waiting: number }
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(limit: { readonly running: number; readonly waiting: number }) {
    this.#limit = limit
  }

  /** Undefined, at once, when there is no room to wait; otherwise what the task gives. */
  run<Result>(task: () => Promise<Result>): Promise<Result> | undefined {
    if (this.#running < this.#limit.running) {
      this.#running += 1
      return this.#occupy(task)
    }
    if (this.#waiting.length >= this.#limit.waiting) return undefined
    const { promise, resolve } = Promise.withResolvers<undefined>()
    this.#waiting.push(() => {
      resolve(undefined)
    })
    return promise.then(() => this.#occupy(task))
  }

  async #occupy<Result>(task: () => Promise<Result>): Promise<Result> {
    try {
      return await task()
    } finally {
      // The place goes to the next in line without being free in between, or a newcomer would take it too.
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running -= 1
    }
  }
}
