import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import type { Effects } from '../effects.ts'
import type { Logger } from '../telemetry/logger.ts'

export interface ReloadedFilesParts {
  readonly files: readonly string[]
  /** Reads them all anew. What it rejects with leaves everything as it was. */
  readonly reload: () => Promise<void>
  readonly effects: Pick<Effects, 'sleep'>
  readonly logger: Logger
}

const everyMilliseconds = 5_000

/**
 * Files that are read again when they change. They are looked at from time to time, because a change of mounted secrets
 * is a symbolic link elsewhere, which no watch of the file sees. What can't be read is tried again until it can.
 */
export class ReloadedFiles {
  readonly #parts: ReloadedFilesParts
  readonly #closing = new AbortController()
  #read: string | undefined
  #told: string | undefined
  #fault: string | undefined

  constructor(parts: ReloadedFilesParts) {
    this.#parts = parts
  }

  /** Why the files as they are now could not be read; undefined while all is well. */
  get fault(): string | undefined {
    return this.#fault
  }

  /** To be called before they are read for the first time, so that no change in between is missed. */
  async mark(): Promise<void> {
    this.#read = await this.#version()
  }

  /** From now on, until closed. */
  start(): void {
    this.#watch().catch((error: unknown) => {
      if (this.#closing.signal.aborted) return
      this.#parts.logger.error({ err: error }, 'ALARM: certificate files are no longer looked at')
    })
  }

  /** Reads at once, changed or not. Never rejects; the log and `fault` say what went wrong. */
  async reload(): Promise<void> {
    const { files, reload, logger } = this.#parts
    const version = await this.#version()
    try {
      await reload()
      this.#read = version
      this.#fault = undefined
      logger.info({ files }, 'certificate files were read again')
    } catch (error) {
      this.#fault = error instanceof Error ? error.message : String(error)
      if (this.#told === version) return
      this.#told = version
      logger.error({ err: error, files }, 'ALARM: certificate files could not be read again')
    }
  }

  close(): void {
    this.#closing.abort()
  }

  async #watch(): Promise<void> {
    for (;;) {
      await this.#parts.effects.sleep(everyMilliseconds, this.#closing.signal)
      if ((await this.#version()) !== this.#read || this.#fault !== undefined) await this.reload()
    }
  }

  async #version(): Promise<string> {
    const hash = createHash('sha256')
    for (const file of this.#parts.files) {
      const found = await stat(file, { bigint: true }).catch(() => undefined)
      hash.update(
        found ? `${file} ${found.ino} ${found.size} ${found.mtimeNs}\n` : `${file} gone\n`,
      )
    }
    return hash.digest('hex')
  }
}
