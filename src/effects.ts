import type { Agent as HttpAgent } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import type { Dispatcher } from 'undici'

/** Ways out to the network; each honours the configured proxy, extra CA and time-outs. */
export interface Network {
  /** For `undici.request`. */
  readonly dispatcher: Dispatcher
  /** For clients that take Node's agents, as the AWS SDK does. */
  readonly httpAgent: HttpAgent
  readonly httpsAgent: HttpsAgent
}

/** Everything the broker does that a test must be able to hold still. */
export interface Effects {
  readonly now: () => Date
  readonly randomBytes: (length: number) => Buffer
  /** Resolves after so many milliseconds; rejects with the signal's reason when aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>
  readonly network: Network
}
