import { type Dispatcher, request } from 'undici'

export interface Question {
  readonly endpoint: string
  /** POST keeps the credentials out of addresses, which proxies log. */
  readonly method: 'GET' | 'POST'
  readonly fields: Readonly<Record<string, string>>
  readonly dispatcher: Dispatcher
  readonly signal: AbortSignal
  /** Milliseconds from the request to the head of the answer, and between two pieces of it. */
  readonly answerTimeout: number
}

export interface Reply {
  readonly status: number
  readonly text: string
  readonly requestId: string | undefined
}

/** A sign-in token has some kilobytes, an error page some more. */
const maxReplyBytes = 256 * 1024

/** One request to the federation endpoint. Redirects are not followed: the credentials go to one host only. */
export async function askFederation(question: Question): Promise<Reply> {
  const { endpoint, method, dispatcher, signal, answerTimeout } = question
  const form = new URLSearchParams(question.fields).toString()
  const url = new URL(endpoint)
  if (method === 'GET') url.search = form
  const { statusCode, headers, body } = await request(url, {
    method,
    dispatcher,
    signal,
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
    ...(method === 'POST' && {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: form,
    }),
  })
  return {
    status: statusCode,
    text: await bounded(body),
    requestId: requestIdIn(headers),
  }
}

async function bounded(body: AsyncIterable<unknown>): Promise<string> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of body) {
    if (!Buffer.isBuffer(chunk)) continue
    length += chunk.length
    // Leaving the loop destroys the body, and with it the connection.
    if (length > maxReplyBytes) throw new Error('The answer is too large.')
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function requestIdIn(headers: Record<string, string | string[] | undefined>): string | undefined {
  return ['x-amzn-requestid', 'x-amz-request-id', 'x-amz-rid']
    .map((name) => headers[name])
    .find((id) => typeof id === 'string' && /^[\w-]{1,100}$/.test(id))
    ?.toString()
}
