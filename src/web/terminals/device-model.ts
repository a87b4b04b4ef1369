import { type BrokerError, TooManyRequests } from '../../errors.ts'

/** Where the code of a command line is typed (view `device`). */
export interface DevicePage {
  readonly typed: string
  readonly notice: string | undefined
  /** Seconds until the next try, when limited. */
  readonly retryAfterSeconds: number | undefined
}

/** What came of it (view `terminal-decided`). */
export interface TerminalDecidedPage {
  readonly approved: boolean
  readonly host: string | undefined
}

export function deviceModel(typed: string, error?: BrokerError): DevicePage {
  return {
    typed: typed.slice(0, 16),
    notice: error?.message.replace(/ Wait \d+ s\.$/, ''),
    retryAfterSeconds: error instanceof TooManyRequests ? error.retryAfterSeconds : undefined,
  }
}
