import { once } from 'node:events'
import { createServer as createHttpServer, request as httpRequest } from 'node:http'
import { createServer as createHttpsServer, request as httpsRequest } from 'node:https'
import { connect, type AddressInfo, type Server } from 'node:net'
import { request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openNetwork, type Network, type NetworkOptions, realEffects } from '../src/effects.ts'
import { issue } from './keys/test-certificates.ts'

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

/** An https server whose certificate only its own authority vouches for. */
async function tlsServer(): Promise<{ url: string; ca: string }> {
  const { keyPem, certificatePem } = issue({ commonName: 'localhost', authority: true })
  const server = createHttpsServer({ key: keyPem, cert: certificatePem }, (_request, response) => {
    response.end('behind TLS')
  })
  return { url: `https://localhost:${await listening(server)}/`, ca: certificatePem }
}

/** A proxy that opens tunnels and says where to. */
async function proxy(): Promise<{ url: string; tunnels: string[] }> {
  const tunnels: string[] = []
  const server = createHttpServer((incoming, response) => {
    tunnels.push(String(incoming.url))
    response.end('through the proxy')
  })
  server.on('connect', (incoming, socket) => {
    tunnels.push(String(incoming.url))
    const [, port] = String(incoming.url).split(':')
    const onward = connect(Number(port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
      onward.pipe(socket).pipe(onward)
    })
    onward.on('error', () => socket.destroy())
    socket.on('error', () => onward.destroy())
  })
  return { url: `http://127.0.0.1:${await listening(server)}`, tunnels }
}

function network(options: NetworkOptions): Network {
  const opened = openNetwork(options)
  onTestFinished(() => opened.close())
  return opened
}

const ways: readonly [string, (network: Network, url: string) => Promise<string>][] = [
  ['undici', async ({ dispatcher }, url) => (await request(url, { dispatcher })).body.text()],
  [
    'the agents of Node',
    async ({ httpAgent, httpsAgent }, url) => {
      const secure = url.startsWith('https:')
      const asked = secure
        ? httpsRequest(url, { agent: httpsAgent })
        : httpRequest(url, { agent: httpAgent })
      asked.end()
      const [answer] = (await once(asked, 'response')) as [AsyncIterable<Buffer>]
      const pieces: Buffer[] = []
      for await (const piece of answer) pieces.push(piece)
      return Buffer.concat(pieces).toString()
    },
  ],
]

describe.each(ways)('the way out through %s', (_name, get) => {
  test('trusts the configured authority beside the usual ones, and no other', async () => {
    const { url, ca } = await tlsServer()
    expect(await get(network({ extraCa: ca }), url)).toBe('behind TLS')
    await expect(get(network({}), url)).rejects.toThrow('self-signed certificate')
  })

  test('goes through the proxy for https', async () => {
    const { url, ca } = await tlsServer()
    const { url: httpsProxy, tunnels } = await proxy()
    expect(await get(network({ extraCa: ca, httpsProxy }), url)).toBe('behind TLS')
    expect(tunnels).toEqual([new URL(url).host])
  })

  test('leaves the proxy out for hosts of NO_PROXY', async () => {
    const { url, ca } = await tlsServer()
    const { url: httpsProxy, tunnels } = await proxy()
    const noProxy = 'sts.corp.example,localhost'
    expect(await get(network({ extraCa: ca, httpsProxy, noProxy }), url)).toBe('behind TLS')
    expect(tunnels).toEqual([])
  })

  test('does not look into the environment by itself', async () => {
    const { url, ca } = await tlsServer()
    const before = process.env['HTTPS_PROXY']
    process.env['HTTPS_PROXY'] = 'http://127.0.0.1:1'
    onTestFinished(() => {
      if (before === undefined) delete process.env['HTTPS_PROXY']
      else process.env['HTTPS_PROXY'] = before
    })
    expect(await get(network({ extraCa: ca }), url)).toBe('behind TLS')
  })
})

test('gives up on an answer that does not come', async () => {
  const server = createHttpServer(() => undefined)
  const url = `http://127.0.0.1:${await listening(server)}/`
  const { dispatcher } = network({ answerTimeout: 200 })
  await expect(request(url, { dispatcher })).rejects.toMatchObject({
    code: 'UND_ERR_HEADERS_TIMEOUT',
  })
  server.closeAllConnections()
})

test('sleeps as long as asked, and wakes up when called off', async () => {
  const { sleep } = realEffects(network({}))
  const start = performance.now()
  await sleep(30)
  expect(performance.now() - start).toBeGreaterThanOrEqual(25)
  await expect(sleep(60_000, AbortSignal.timeout(20))).rejects.toMatchObject({ code: 'ABORT_ERR' })
})
