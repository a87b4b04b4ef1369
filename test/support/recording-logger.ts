import type { Logger } from '../../src/telemetry/logger.ts'

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: string
}

/** Keeps every line, for tests that look for what must, or must never, be in the log. */
export class RecordingLogger implements Logger {
  readonly lines: LogLine[] = []
  readonly debug = this.#keep('debug')
  readonly info = this.#keep('info')
  readonly warn = this.#keep('warn')
  readonly error = this.#keep('error')

  /** Everything that was logged, as one text. */
  text(): string {
    return this.lines
      .map(({ fields, message }) => `${message} ${JSON.stringify(fields, withErrors)}`)
      .join('\n')
  }

  #keep(level: LogLine['level']) {
    return (fields: unknown, message?: unknown): void => {
      const known = typeof fields === 'object' && fields !== null ? { ...fields } : {}
      const text = typeof fields === 'string' ? fields : message
      this.lines.push({ level, fields: known, message: typeof text === 'string' ? text : '' })
    }
  }
}

function withErrors(_key: string, value: unknown): unknown {
  return value instanceof Error ? { name: value.name, message: value.message } : value
}
