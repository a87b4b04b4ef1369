import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** One role session that was issued. No secrets. */
export interface IssuedRoleSession {
  /** ISO 8601. */
  readonly time: string
  readonly api: string
  readonly accessKeyId: string
  readonly roleArn: string
  readonly assumedRoleArn: string
  readonly roleSessionName: string
  readonly sourceIdentity: string | undefined
  readonly durationSeconds: number
  readonly requestId: string
}

const KEPT_IN_MEMORY = 100_000

/**
 * What this sandbox issued, in order: in memory, and as JSON lines in a file when there is one. A line is
 * with the operating system before the credentials leave, so killing any process loses none.
 */
export class IssuedRecord implements Disposable {
  readonly #entries: IssuedRoleSession[] = []
  readonly #file: number | undefined

  constructor(file?: string) {
    if (file !== undefined) mkdirSync(dirname(file), { recursive: true })
    this.#file = file === undefined ? undefined : openSync(file, 'a', 0o600)
  }

  add(entry: IssuedRoleSession): void {
    if (this.#file !== undefined) writeSync(this.#file, `${JSON.stringify(entry)}\n`)
    this.#entries.push(entry)
    if (this.#entries.length > KEPT_IN_MEMORY) this.#entries.shift()
  }

  entries(): readonly IssuedRoleSession[] {
    return [...this.#entries]
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file)
  }
}
