import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { describe, expect, onTestFinished, test } from 'vitest'
import { overTls, type TlsExchange } from '../../src/rolesanywhere/tls-exchange.ts'
import { issue } from '../keys/test-certificates.ts'

const authority = issue({ commonName: 'authority', authority: true, keyUsage: 0x04 })
const server = issue({ commonName: 'localhost', issuer: authority })
const client = issue({ commonName: 'client', issuer: authority })
const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'

/** A TLS server on loopback that is told what to do with each connection; and what arrived there. */
async function listening(serve: (socket: TLSSocket) => void, options = {}) {
  const arrived: string[] = []
  const listener = createServer(
    { key: server.keyPem, cert: server.certificatePem, ca: authority.certificatePem, ...options },
    (socket) => {
      socket.on('error', () => undefined)
      socket.on('data', (bytes: Buffer) => arrived.push(bytes.toString('latin1')))
      serve(socket)
    },
  )
  listener.on('tlsClientError', () => undefined)
  listener.listen(0, '127.0.0.1')
  await once(listener, 'listening')
  onTestFinished(() => {
    listener.close()
  })
  return { arrived, port: (listener.address() as AddressInfo).port }
}

function asking(port: number, more: Partial<TlsExchange> = {}): Promise<{ body: string }> {
  return overTls({
    url: new URL(`https://localhost:${port}/path?query=1`),
    method: 'POST',
    headers: { 'x-one': 'two' },
    body: 'ä',
    trust: { ca: [authority.certificatePem] },
    largest: 1000,
    signal: AbortSignal.timeout(5_000),
    ...more,
  })
}

describe('one request over TLS', () => {
  test('says what it is, and closes the connection afterwards', async () => {
    const closed = Promise.withResolvers<undefined>()
    const { arrived, port } = await listening((socket) => {
      socket.once('data', () => socket.write(answer))
      socket.once('close', () => {
        closed.resolve(undefined)
      })
    })
    expect((await asking(port)).body).toBe('ok')
    await closed.promise
    const lines = ['x-one: two', 'connection: close', 'content-length: 2']
    expect(Buffer.from(arrived.join(''), 'latin1').toString()).toBe(
      [`POST /path?query=1 HTTP/1.1`, `host: localhost:${port}`, ...lines, '', 'ä'].join('\r\n'),
    )
    await asking(port, { method: 'GET', body: '' })
    expect(arrived.at(-1)).toMatch(/^GET [^]*connection: close\r\n\r\n$/)
  })

  test('proves who one is where there is something to prove it with', async () => {
    const { port } = await listening(
      (socket) => {
        socket.once('data', () => {
          const { CN } = socket.getPeerCertificate().subject
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\n${String(CN)}`)
        })
      },
      { requestCert: true },
    )
    const trust = {
      ca: [authority.certificatePem],
      cert: client.certificatePem,
      key: client.keyPem,
    }
    expect((await asking(port, { trust })).body).toBe('client')
  })

  test.for([
    ['of an authority that is not trusted', {}, 'localhost', /^(UNABLE_TO|SELF_SIGNED)/],
    ['of another name', { ca: [authority.certificatePem] }, '127.0.0.1', /ALTNAME_INVALID/],
  ] as const)('tells a server %s nothing', async ([, trust, host, code]) => {
    const { arrived, port } = await listening((socket) => socket.write(answer))
    const url = new URL(`https://${host}:${port}/`)
    const asked = asking(port, {
      url,
      trust: { ...trust, ca: [...('ca' in trust ? trust.ca : [])] },
    })
    await expect(asked).rejects.toMatchObject({ code: expect.stringMatching(code) as unknown })
    expect(arrived).toEqual([])
    const careless = { rejectUnauthorized: false }
    expect((await asking(port, { url, trust: careless })).body).toBe('ok')
  })

  test.for([
    ['nothing at all', ''],
    ['half an answer', answer.slice(0, -1)],
    ['half a head', answer.slice(0, 20)],
  ] as const)('fails when the connection ends after %s', async ([, text]) => {
    const { port } = await listening((socket) => {
      socket.once('data', () => socket.end(text))
    })
    await expect(asking(port)).rejects.toThrow(/ended|closed/)
  })

  test('fails when the answer is none', async () => {
    const { port } = await listening((socket) => socket.write('hello there\r\n\r\n'))
    await expect(asking(port)).rejects.toThrow('not HTTP/1.1')
  })

  test('is given up when it is told to, also before it began', async () => {
    const { arrived, port } = await listening(() => undefined)
    await expect(asking(port, { signal: AbortSignal.timeout(100) })).rejects.toThrow('timeout')
    expect(arrived).toHaveLength(1)
    const given = AbortSignal.abort(new Error('enough'))
    await expect(asking(port, { signal: given })).rejects.toThrow('enough')
    expect(arrived).toHaveLength(1)
  })

  test.for([
    ['x-one', 'a\r\nx-two: b'],
    ['x-one', 'ä'],
    ['x\r\nhost', 'a'],
  ] as const)('sends no header that would be two: %j', async ([name, value]) => {
    const { arrived, port } = await listening((socket) => socket.write(answer))
    await expect(asking(port, { headers: { [name]: value } })).rejects.toThrow("can't be sent")
    expect(arrived).toEqual([])
  })
})
