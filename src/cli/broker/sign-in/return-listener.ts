import { createHash, timingSafeEqual } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { CliFault } from '../../cli-fault.ts'
import { isForeignPeer } from '../is-foreign-peer.ts'

/** Where the browser comes back to (RFC 8252 §7.3): a port of this machine that is open for one sign-in only. */
export interface ReturnListener extends AsyncDisposable {
  readonly redirectUri: string
  /** The code. Rejects with CliFault when the sign-in was refused, or came from another broker. */
  readonly code: Promise<string>
  /** Shows in the browser how it went. */
  finish(isSignedIn: boolean): void
}

const path = '/signed-in'
const code = /^[\x21-\x7e]{1,128}$/

/** Listens for the answer to a state. What brings another one changes nothing: any page can send a browser here. */
export async function listenForReturn(state: string, origin: string): Promise<ReturnListener> {
  const result = Promise.withResolvers<string>()
  // Nobody may be waiting for it yet.
  result.promise.catch(() => undefined)
  const waiting: ServerResponse[] = []
  let isOver = false
  const { server, host } = await listen((request, response) => {
    const query = returned(request, host())
    const isAnswer = query && !isOver && isSame(query.get('state'), state)
    if (!isAnswer || isForeignPeer(request.socket)) {
      show(response, 404, 'There is nothing here.')
      return
    }
    isOver = true
    waiting.push(response)
    const fault = faultOf(query, origin)
    if (fault) result.reject(fault)
    else result.resolve(query.get('code') ?? '')
  })
  return {
    redirectUri: `http://${host()}${path}`,
    code: result.promise,
    finish: (isSignedIn) => {
      const text = isSignedIn
        ? 'You are signed in. You can close this page and go back to the terminal.'
        : 'You are not signed in. The terminal says why.'
      for (const response of waiting.splice(0)) show(response, isSignedIn ? 200 : 400, text)
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close')
      server.close()
      server.closeIdleConnections()
      const cut = setTimeout(() => {
        server.closeAllConnections()
      }, 500)
      await closed
      clearTimeout(cut)
    },
  }
}

type Listener = (request: IncomingMessage, response: ServerResponse) => void

async function listen(answer: Listener): Promise<{ server: Server; host: () => string }> {
  const limits = { maxHeaderSize: 8_192, requestTimeout: 10_000, headersTimeout: 5_000 }
  for (const address of ['127.0.0.1', '::1']) {
    const server = createServer(limits, answer)
    server.maxConnections = 32
    server.listen(0, address)
    const isOpen = await once(server, 'listening').then(
      () => true,
      () => false,
    )
    if (!isOpen) continue
    const host = (): string => {
      const bound = server.address()
      const port = typeof bound === 'object' && bound ? bound.port : 0
      return `${address === '::1' ? '[::1]' : address}:${port}`
    }
    return { server, host }
  }
  throw new CliFault('No port of this machine can be opened. Try postern login --device.')
}

/** The query of the browser's way back; undefined for anything else. */
function returned({ method, url = '', headers }: IncomingMessage, host: string) {
  if (method !== 'GET' || headers.host !== host || url.length > 4_096) return undefined
  const parsed = URL.parse(url, `http://${host}`)
  return parsed?.pathname === path ? parsed.searchParams : undefined
}

function isSame(given: string | null, wanted: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest()
  return given !== null && timingSafeEqual(digest(given), digest(wanted))
}

/** What is wrong with an answer that has the right state (RFC 6749 §4.1.2.1; RFC 9207 §2.4). */
function faultOf(query: URLSearchParams, origin: string): CliFault | undefined {
  const names = [...query.keys()]
  if (new Set(names).size < names.length) return new CliFault('The answer came twice in one.')
  if (query.get('iss') !== origin) {
    return new CliFault(`The answer is not from ${origin}. Check the address, and log in again.`)
  }
  const error = query.get('error')
  if (error === 'access_denied') return new CliFault('The sign-in was refused in the browser.')
  if (error !== null) return new CliFault('The sign-in did not work. Start it again.')
  return code.test(query.get('code') ?? '') ? undefined : new CliFault('The answer has no code.')
}

function show(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(
    `<!doctype html><html lang="en"><meta charset="utf-8"><title>Postern</title><p>${text}</p></html>\n`,
  )
}
