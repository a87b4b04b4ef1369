import { format } from 'node:util'
import {
  type DestinationStream,
  type Logger as PinoLogger,
  type LoggerOptions as PinoOptions,
  pino,
} from 'pino'
import { redactText } from './redact-text.ts'
import { redactValue } from './redact-value.ts'

/** The part of pino that the stages use. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>

export interface LoggerOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
}

/**
 * The log: one JSON object a line, to standard output unless `destination` says otherwise. No secret passes, in whatever
 * place or depth of a call it stands. pino's own `redact` takes fixed paths only, so everything is copied through
 * `redactValue` first; a child's bindings would pass by it, so the type offers no child.
 */
export function createLogger(options: LoggerOptions, destination?: DestinationStream): Logger {
  const settings: PinoOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: (error: unknown) => error },
    hooks: {
      logMethod(args: unknown[], method) {
        Reflect.apply(method, this, redactedArguments(args))
      },
    },
  }
  return destination ? pino(settings, destination) : pino(settings)
}

/** pino takes (object or error, message, values...) or (message, values...). */
function redactedArguments([first, ...rest]: readonly unknown[]): unknown[] {
  if (typeof first === 'string') return [message(first, rest)]
  const [words, ...values] = rest
  if (first instanceof Error) {
    return [{ err: redactValue(first) }, message(words ?? first.message, values)]
  }
  return words === undefined ? [redactValue(first)] : [redactValue(first), message(words, values)]
}

/** Filled in before it is searched, because a name and its value may meet only in the sentence. */
function message(words: unknown, values: readonly unknown[]): string {
  return redactText(
    format(typeof words === 'string' ? words : redactValue(words), ...values.map(redactValue)),
  )
}
