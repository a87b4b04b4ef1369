import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, request } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { onTestFinished } from 'vitest'
import { xmlField } from '../../sandbox/raw-http.ts'

export interface Passing {
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A wire between an issuer and the sandbox, on which one can hear what AWS said. */
export interface Wire {
  readonly url: string
  /** `403 AccessDenied: message` for each answer that was a refusal, oldest first. */
  readonly refusals: readonly string[]
}

/** Passes everything on as it came, the Host header too, or with what `meddle` makes of it. Closed when the test is over. */
export async function tapWire(
  url: string,
  meddle: (passing: Passing) => Passing = (passing) => passing,
): Promise<Wire> {
  const refusals: string[] = []
  const server = createServer((incoming, response) => {
    void (async () => {
      const body = (await buffer(incoming)).toString('utf8')
      const sent = meddle({ headers: incoming.headers, body })
      const { method, url: path } = incoming
      const headers = { ...sent.headers, 'content-length': Buffer.byteLength(sent.body) }
      const outgoing = request(new URL(path ?? '/', url), { method, headers, agent: false })
      outgoing.on('response', (answer) => {
        void buffer(answer).then((bytes) => {
          const { statusCode = 0 } = answer
          if (statusCode >= 400)
            refusals.push(`${statusCode} ${wordsOf(answer.headers, bytes.toString('utf8'))}`)
          response.writeHead(statusCode, answer.headers).end(bytes)
        })
      })
      outgoing.on('error', () => response.destroy())
      outgoing.end(sent.body)
    })()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return { url: `http://127.0.0.1:${address.port}`, refusals }
}

/** Code and message, of the query protocol or of restJson1; or that it is a page. */
function wordsOf(headers: IncomingHttpHeaders, body: string): string {
  const code = headers['x-amzn-errortype']
  if (typeof code === 'string')
    return `${code}: ${String((JSON.parse(body) as { message?: unknown }).message)}`
  const type = headers['content-type'] ?? ''
  if (type.startsWith('text/html')) return 'a page in HTML'
  return `${xmlField(body, 'Code') ?? ''}: ${xmlField(body, 'Message') ?? ''}`
}
