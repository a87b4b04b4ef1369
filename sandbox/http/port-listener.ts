import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

const LOOPBACK = ['127.0.0.1', '::1']
const NO_IPV6 = ['EADDRNOTAVAIL', 'EAFNOSUPPORT']
const ATTEMPTS = 20
// A certificate, its chain and a signature with ML-DSA-87 take 20 KiB and more of headers.
const HEADER_LIMIT = 128 * 1024

/** `localhost` is 127.0.0.1 and ::1 (where there is IPv6), and no other address. */
export type Host = 'localhost' | '0.0.0.0'

/** One port of a host. */
export class PortListener {
  #servers: readonly Server[] = []
  #port = 0
  readonly #handler: RequestListener
  readonly #addresses: readonly string[]

  constructor(handler: RequestListener, host: Host) {
    this.#handler = handler
    this.#addresses = host === 'localhost' ? LOOPBACK : [host]
  }

  get port(): number {
    return this.#port
  }

  /** Opens the port; 0 takes a free one. Rejects with the system's error, EADDRINUSE for a taken port. */
  async open(port: number): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      const opened: Server[] = []
      try {
        let chosen = port
        for (const address of this.#addresses) {
          const server = await this.#listen(chosen, address)
          if (server === undefined) continue
          opened.push(server)
          chosen = (server.address() as AddressInfo).port
        }
        this.#servers = opened
        this.#port = chosen
        return
      } catch (error) {
        await Promise.all(opened.map(close))
        // A free port on one address may be taken on the other; another free one will do.
        if (port !== 0 || attempt === ATTEMPTS) throw error
      }
    }
  }

  /** Takes no more connections and waits for the answers under way, up to `grace` milliseconds. */
  async close(grace: number): Promise<void> {
    const servers = this.#servers
    this.#servers = []
    const timer = setTimeout(() => {
      for (const server of servers) server.closeAllConnections()
    }, grace)
    await Promise.all(servers.map(close))
    clearTimeout(timer)
  }

  async #listen(port: number, address: string): Promise<Server | undefined> {
    const limits = { requestTimeout: 30_000, headersTimeout: 10_000, maxHeaderSize: HEADER_LIMIT }
    const server = createServer(limits, this.#handler)
    server.listen({ port, host: address, ipv6Only: true })
    try {
      await once(server, 'listening')
      return server
    } catch (error) {
      if (address === '::1' && isNoIpv6(error)) return undefined
      throw error
    }
  }
}

function isNoIpv6(error: unknown): boolean {
  return error instanceof Error && 'code' in error && NO_IPV6.includes(String(error.code))
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeIdleConnections()
  await closed
}
