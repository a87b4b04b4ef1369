import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** A proxy for CONNECT (RFC 9110 §9.3.6), to which every host is this machine. */
export interface ConnectProxy extends AsyncDisposable {
  readonly url: string
  /** `host:port`, as they were asked for. */
  readonly asked: readonly string[]
}

export async function startConnectProxy(): Promise<ConnectProxy> {
  const asked: string[] = []
  const server = createServer()
  const tunnels = new Set<Duplex>()
  server.on('connect', ({ url = '' }, outside) => {
    asked.push(url)
    const inside = connect(Number(url.split(':').at(-1)), '127.0.0.1', () => {
      outside.write('HTTP/1.1 200 OK\r\n\r\n')
      outside.pipe(inside).pipe(outside)
    })
    for (const socket of [outside, inside]) {
      tunnels.add(socket.once('close', () => tunnels.delete(socket)))
      socket.on('error', () => {
        outside.destroy()
        inside.destroy()
      })
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      for (const socket of tunnels) socket.destroy()
      const closed = once(server, 'close')
      server.close()
      await closed
    },
  }
}
