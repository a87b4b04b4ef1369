import { appendFileSync } from 'node:fs'
import { logLine } from '../log.ts'
import type { Surroundings } from '../surroundings.ts'

/** The steps of a set-up, on standard error and in a file that grows with each run. */
export class SetupLog {
  readonly #path: string
  readonly #surroundings: Surroundings
  #isLost = false

  constructor(path: string, surroundings: Surroundings) {
    this.#path = path
    this.#surroundings = surroundings
  }

  say(text: string): void {
    this.#surroundings.stderr(`${text}\n`)
    this.note(text)
  }

  /** Into the file alone. */
  note(text: string): void {
    try {
      appendFileSync(this.#path, logLine(text.replace(/[\r\n]+/g, ' '), this.#surroundings), {
        mode: 0o600,
      })
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      if (!this.#isLost) {
        this.#surroundings.stderr(`The log can't be written: ${why}. Name another by --log.\n`)
      }
      this.#isLost = true
    }
  }
}
