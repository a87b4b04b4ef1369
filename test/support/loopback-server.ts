import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { onTestFinished } from 'vitest'

export interface Received {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** The fields of a form that was received; none where nothing was. */
export function formOf(received: Received | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(received?.body))
}

export type Answer = (response: ServerResponse, request: Received) => void

export interface LoopbackServer {
  readonly origin: string
  readonly received: Received[]
}

/**
 * A real HTTP server on a free port of loopback, gone when the test is. Answers in the order given; the last one again
 * and again.
 */
export async function loopbackServer(...answers: readonly Answer[]): Promise<LoopbackServer> {
  const received: Received[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const { method = '', url = '', headers } = request
      const seen = { method, url, headers, body: Buffer.concat(chunks).toString() }
      received.push(seen)
      answers[Math.min(received.length, answers.length) - 1]?.(response, seen)
    })
  })
  const { promise, resolve } = Promise.withResolvers<undefined>()
  server.listen(0, '127.0.0.1', () => {
    resolve(undefined)
  })
  await promise
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { origin: `http://127.0.0.1:${address.port}`, received }
}
