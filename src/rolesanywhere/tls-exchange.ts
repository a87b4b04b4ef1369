import type { ConnectionOptions } from 'node:tls'
import { AnswerReader, type HttpAnswer } from './answer-reader.ts'

/** Whom to believe, and what to prove oneself with, over TLS. All PEM. */
export interface Trust {
  /** Instead of Node's own. */
  readonly ca?: string[]
  /** False only where the user said so. */
  readonly rejectUnauthorized?: boolean
  readonly cert?: string
  readonly key?: string
}

export interface TlsExchange {
  readonly url: URL
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly trust: Trust
  /** Most bytes of the answer's body. */
  readonly largest: number
  readonly signal: AbortSignal
}

/**
 * One request over a connection of its own. It does without node:https, whose loading and whose request cost a command
 * that makes a single one a sixth of bare Node's start. Rejects with what went wrong, or the signal's reason.
 */
export async function overTls(asked: TlsExchange): Promise<HttpAnswer> {
  const { url, signal } = asked
  // Loaded by need: it is the larger part of a cold start. An import() would copy its names besides.
  const { connect } = process.getBuiltinModule('node:tls')
  signal.throwIfAborted()
  const text = requestText(asked)
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>()
  const host = url.hostname.startsWith('[') ? url.hostname.slice(1, -1) : url.hostname
  const options: ConnectionOptions = {
    host,
    port: Number(url.port || 443),
    ALPNProtocols: ['http/1.1'],
    // An address is no server name (RFC 6066 §3).
    ...(!/^[\d.]+$|:/.test(host) && { servername: host }),
    ...asked.trust,
  }
  const socket = connect(options)
  const reader = new AnswerReader(asked.largest)
  const aborted = (): void => {
    socket.destroy(signal.reason instanceof Error ? signal.reason : new Error('given up'))
  }
  signal.addEventListener('abort', aborted)
  socket.once('secureConnect', () => socket.write(text))
  socket.on('data', (bytes: Buffer) => {
    try {
      const answer = reader.take(bytes)
      if (!answer) return
      resolve(answer)
      socket.destroy()
    } catch (error) {
      socket.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  })
  socket.once('error', reject)
  socket.once('end', () => {
    reject(new Error('the connection ended before the answer did'))
  })
  socket.once('close', () => {
    reject(new Error('the connection was closed before the answer'))
  })
  try {
    return await promise
  } finally {
    signal.removeEventListener('abort', aborted)
    socket.destroy()
  }
}

function requestText({ method, url, headers, body }: TlsExchange): string {
  const all = {
    host: url.host,
    ...headers,
    connection: 'close',
    ...(method === 'POST' && { 'content-length': String(Buffer.byteLength(body)) }),
  }
  const lines = Object.entries(all).map(([name, value]) => {
    const line = `${name}: ${value}`
    if (!isOneLine(line) || name.includes(':')) {
      throw new TypeError(`the header ${name} can't be sent`)
    }
    return line
  })
  return [`${method} ${url.pathname}${url.search} HTTP/1.1`, ...lines, '', body].join('\r\n')
}

// Of ASCII alone. An expression for all this would be compiled for one use.
function isOneLine(text: string): boolean {
  const ends = ['\r', '\n', '\0'].some((end) => text.includes(end))
  return !ends && Buffer.byteLength(text) === text.length
}
