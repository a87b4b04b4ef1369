import type { Surroundings } from '../surroundings.ts'
import { fitted } from './visible-text.ts'

const patience = 500
const step = 1_000
const erased = '\r\u001b[2K'

type Needed = Pick<Surroundings, 'effects' | 'stderr' | 'terminal'> &
  Partial<Pick<Surroundings, 'askSecret'>>

/**
 * Does some work, and where it takes longer than half a second says on standard error what is being waited for and since
 * when, in one line that is gone when the work is done. Only on a terminal; standard output is never touched. The work is
 * given surroundings in which it can write and ask without that line being in the way. The result, or failure, is that of
 * the work.
 */
export async function withProgress<Result, Outer extends Needed>(
  what: string,
  outer: Outer,
  work: (inner: Outer) => Promise<Result>,
): Promise<Result> {
  const screen = outer.terminal('stderr')
  if (!screen) return work(outer)
  const line = new ProgressLine(what, outer, screen.isCapable ? screen.columns : undefined)
  const done = new AbortController()
  const shown = line.tick(done.signal)
  const { askSecret } = outer
  try {
    return await work({
      ...outer,
      stderr: (text: string) => {
        line.erase()
        outer.stderr(text)
      },
      ...(askSecret && {
        askSecret: (question: string) => line.aside(() => askSecret(question)),
      }),
    })
  } finally {
    done.abort()
    await shown
    line.erase()
  }
}

class ProgressLine {
  readonly #what: string
  readonly #surroundings: Needed
  /** Undefined where the terminal can erase nothing. */
  readonly #columns: number | undefined
  #isShown = false
  #isAside = false

  constructor(what: string, surroundings: Needed, columns: number | undefined) {
    this.#what = what
    this.#surroundings = surroundings
    this.#columns = columns
  }

  /** Writes the line again and again, until the work is done. */
  async tick(done: AbortSignal): Promise<void> {
    if (!(await this.#pause(patience, done))) return
    if (this.#columns === undefined) {
      this.#surroundings.stderr(`${this.#what} ...\n`)
      return
    }
    for (let seconds = 0; ; seconds += 1) {
      const since = seconds === 0 ? ' ...' : ` ... ${seconds} s`
      const text = `${fitted(this.#what, this.#columns - 1 - since.length)}${since}`
      if (!this.#isAside) {
        this.#surroundings.stderr(`${erased}${text}`)
        this.#isShown = true
      }
      if (!(await this.#pause(seconds === 0 ? step - patience : step, done))) return
    }
  }

  erase(): void {
    if (this.#isShown) this.#surroundings.stderr(erased)
    this.#isShown = false
  }

  /** Keeps the line away while somebody is asked something. */
  async aside<Result>(ask: () => Promise<Result>): Promise<Result> {
    this.#isAside = true
    this.erase()
    try {
      return await ask()
    } finally {
      this.#isAside = false
    }
  }

  #pause(milliseconds: number, done: AbortSignal): Promise<boolean> {
    return this.#surroundings.effects.sleep(milliseconds, done).then(
      () => !done.aborted,
      () => false,
    )
  }
}
