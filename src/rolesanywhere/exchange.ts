import type { Agent as HttpAgent, IncomingMessage } from 'node:http'
import type { Agent as HttpsAgent } from 'node:https'
import { AwsUnavailable } from '../errors.ts'
import type { HttpAnswer } from './answer-reader.ts'
import { overTls, type Trust } from './tls-exchange.ts'

/** Ways out: agents, which bring proxy and trust; over TLS without one, a connection of its own with this trust. */
export interface Agents {
  readonly httpAgent?: HttpAgent | undefined
  readonly httpsAgent?: HttpsAgent | undefined
  readonly trust?: Trust | undefined
}

export interface Exchange {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  /** POST unless it is said. */
  readonly method?: 'GET' | 'POST'
  readonly agents: Agents
  /** Milliseconds for the whole of it. */
  readonly timeout: number
  readonly signal: AbortSignal | undefined
  /** Most bytes of the answer's body; 256 KiB unless it is said. */
  readonly largest?: number
}

export type Answer = HttpAnswer

const largestAnswer = 256 * 1024

/** The network failed, and it is known whether another try makes sense. */
export class ExchangeFailed extends AwsUnavailable {
  readonly mayPass: boolean

  constructor(message: string, mayPass: boolean, about: { detail?: string; cause?: unknown }) {
    super(message, about)
    this.mayPass = mayPass
  }
}

/** One request and its answer, bounded in time and size. Redirects are not followed. ExchangeFailed, or the signal's reason. */
export async function exchange(asked: Exchange): Promise<Answer> {
  const { url, signal, method = 'POST', largest = largestAnswer } = asked
  const deadline = AbortSignal.timeout(asked.timeout)
  const either = signal ? AbortSignal.any([signal, deadline]) : deadline
  const { httpAgent, httpsAgent, trust = {} } = asked.agents
  const secure = url.protocol === 'https:'
  try {
    if (secure && !httpsAgent) {
      return await overTls({ ...asked, method, largest, trust, signal: either })
    }
    const { request } = secure ? await import('node:https') : await import('node:http')
    const agent = secure ? httpsAgent : httpAgent
    return await new Promise<Answer>((resolve, reject) => {
      const sent = request(
        url,
        {
          method,
          headers: {
            ...asked.headers,
            ...(method === 'POST' && { 'content-length': Buffer.byteLength(asked.body) }),
          },
          signal: either,
          ...(agent && { agent }),
        },
        (answer) => {
          read(answer, largest).then(resolve, (error: unknown) => {
            sent.destroy()
            reject(error instanceof Error ? error : new Error(String(error)))
          })
        },
      )
      sent.on('error', reject)
      sent.end(asked.body)
    })
  } catch (cause) {
    signal?.throwIfAborted()
    if (deadline.aborted) {
      throw new ExchangeFailed(
        `${url.host} did not answer within ${asked.timeout / 1000} seconds.`,
        true,
        { cause },
      )
    }
    throw failure(cause, url)
  }
}

async function read(answer: IncomingMessage, largest: number): Promise<Answer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of answer) {
    if (!(chunk instanceof Buffer)) throw new TypeError('the body came as text')
    length += chunk.length
    if (length > largest) throw new RangeError(`the body is larger than ${largest} bytes`)
    chunks.push(chunk)
  }
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  }
}

const passing = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
])

function failure(cause: unknown, { host }: URL): ExchangeFailed {
  if (cause instanceof ExchangeFailed) return cause
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const detail = cause instanceof Error ? cause.message : String(cause)
  if (code === 'ENOTFOUND') {
    return new ExchangeFailed(`There is no host ${host}. Check region and endpoint.`, false, {
      detail,
      cause,
    })
  }
  if (/^(CERT_|ERR_TLS_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(code)) {
    return new ExchangeFailed(
      `The certificate of ${host} is not trusted. Where a proxy renews certificates, add its CA.`,
      false,
      { detail: `${code}: ${detail}`, cause },
    )
  }
  return new ExchangeFailed(
    `${host} could not be reached, or broke off its answer. Check network, proxy and firewall.`,
    passing.has(code),
    {
      detail,
      cause,
    },
  )
}
