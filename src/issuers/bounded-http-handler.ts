import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { Logger } from '../telemetry/logger.ts'
import type { Network } from '../effects.ts'

/** Milliseconds. */
export interface AwsTimeouts {
  /** Until a connection stands. */
  readonly connect: number
  /** From the request to the head of the answer. */
  readonly answer: number
  /** For everything: base credentials, tries, pauses between them. */
  readonly total: number
}

/** What is not set, as in the configuration; for everything together, room for two slow answers. */
export function completeTimeouts(given: Partial<AwsTimeouts> = {}): AwsTimeouts {
  const { connect = 3_000, answer = 10_000 } = given
  return { connect, answer, total: given.total ?? 2 * (connect + answer) }
}

/** An answer of STS has a few kilobytes; nothing bounds a session token, so there is room. */
const maxAnswerBytes = 256 * 1024

/** The SDK's way to the network: our agents, our time-outs, and no more of an answer than an answer can have. */
export class BoundedHttpHandler extends NodeHttpHandler {
  constructor(
    network: Pick<Network, 'httpAgent' | 'httpsAgent'>,
    timeouts: AwsTimeouts,
    logger: Pick<Logger, 'warn'>,
  ) {
    super({
      httpAgent: network.httpAgent,
      httpsAgent: network.httpsAgent,
      connectionTimeout: timeouts.connect,
      requestTimeout: timeouts.answer,
      throwOnRequestTimeout: true,
      logger: sdkLogger(logger),
    })
  }

  override async handle(
    ...call: Parameters<NodeHttpHandler['handle']>
  ): ReturnType<NodeHttpHandler['handle']> {
    const { response } = await super.handle(...call)
    const body: unknown = response.body
    if (body instanceof Readable) response.body = limited(body)
    return { response }
  }

  /** The agents are not the client's: others use them. */
  override destroy(): void {
    return undefined
  }
}

/** Only warnings: at `info` the SDK would log each call with its answer, session token included. */
export function sdkLogger(logger: Pick<Logger, 'warn'>) {
  const silent = (): void => undefined
  return {
    trace: silent,
    debug: silent,
    info: silent,
    error: silent,
    warn: (...content: unknown[]): void => {
      const [text] = content
      if (typeof text === 'string') logger.warn({ from: 'aws-sdk' }, text)
    },
  }
}

function limited(body: Readable): Readable {
  let seen = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      seen += chunk.length
      if (seen > maxAnswerBytes) done(new Error('The answer is too large.'))
      else done(null, chunk)
    },
  })
  // A failure of either end reaches the reader of the limit, which is the SDK.
  return pipeline(body, limit, () => undefined)
}
