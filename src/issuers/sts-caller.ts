import type { STSClient } from '@aws-sdk/client-sts'
import type { Effects } from '../effects.ts'
import { abortable } from './abortable.ts'
import { type Failure, failureOf } from './aws-faults.ts'
import { withRetries } from './retry.ts'
import type { StsClients, StsEndpoint } from './sts-clients.ts'
import { stsTarget } from './sts-target.ts'

export interface StsCallerOptions {
  readonly clients: StsClients
  readonly stsEndpoint: StsEndpoint | undefined
  readonly effects: Pick<Effects, 'sleep' | 'randomBytes'>
  /** Tries for each call; only what may pass is tried again. */
  readonly attempts: number
}

/** Where a call goes, and until when. */
export interface Way {
  readonly region: string
  readonly signal: AbortSignal
}

export type StsOutcome<Answer> =
  | { readonly answer: Answer; readonly failure: undefined }
  | { readonly answer: undefined; readonly failure: Failure }

/** Calls STS with retries, in bounded time. Failures come back as what they mean; nothing of them is thrown. */
export function stsCaller({ clients, stsEndpoint, effects, attempts }: StsCallerOptions) {
  return async <Answer>(
    operation: string,
    { region, signal }: Way,
    send: (client: STSClient, signal: AbortSignal) => Promise<Answer>,
  ): Promise<StsOutcome<Answer>> => {
    const target = stsTarget(region, stsEndpoint)
    const failure = (error: unknown): Failure => failureOf(error, operation, target)
    try {
      const client = await clients.forRegion(region)
      const run = async (): Promise<Answer> => abortable(send(client, signal), signal)
      const retryable = (error: unknown): boolean => failure(error).retryable
      const answer = await withRetries({ run, retryable, attempts, signal }, effects)
      return { answer, failure: undefined }
    } catch (error) {
      return { answer: undefined, failure: failure(error) }
    }
  }
}
