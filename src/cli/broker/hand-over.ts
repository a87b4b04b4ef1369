import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Surroundings } from '../surroundings.ts'
import { isForeignPeer } from './is-foreign-peer.ts'
import { openBrowser } from './sign-in/open-browser.ts'

const longestWait = 30_000

/**
 * Opens a secret address in the browser. Arguments of programs are for all users of a machine to see, so the browser gets
 * an address of this machine that leads there once. False when no browser came.
 */
export async function handOver(url: string, surroundings: Surroundings): Promise<boolean> {
  const path = `/${surroundings.effects.randomBytes(32).toString('base64url')}`
  const came = Promise.withResolvers<boolean>()
  let left: string | undefined = url
  const server = createServer({ headersTimeout: 5_000 }, (request, response) => {
    const isIt = request.method === 'GET' && request.url === path && request.headers.host === host()
    const location = isIt && !isForeignPeer(request.socket) ? left : undefined
    response.setHeader('cache-control', 'no-store')
    response.setHeader('referrer-policy', 'no-referrer')
    response.setHeader('connection', 'close')
    if (location === undefined) {
      response.writeHead(404).end()
      return
    }
    left = undefined
    response.writeHead(303, { location }).end(() => {
      came.resolve(true)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const host = (): string =>
    `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  const over = new AbortController()
  try {
    if (!(await openBrowser(`http://${host()}${path}`, surroundings))) return false
    const late = surroundings.effects.sleep(longestWait, over.signal).then(
      () => false,
      () => false,
    )
    return await Promise.race([came.promise, late])
  } finally {
    over.abort()
    server.close()
    server.closeIdleConnections()
  }
}
