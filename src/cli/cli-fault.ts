import { BrokerError } from '../errors.ts'

/** A foreseen failure of the command line itself: `message` says what happened and what to do. */
export class CliFault extends BrokerError {
  readonly code: string = 'cli'
  readonly status = 500
  /** What the process ends with. */
  readonly exitCode: number = 1
}
