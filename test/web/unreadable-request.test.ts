import { once } from 'node:events'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { ticketHeaderSize } from '../../src/web/kerberos/ticket-header-size.ts'
import { listen, portOf } from '../../src/web/listener.ts'

async function serve(maxHeaderSize?: number): Promise<Server> {
  const [server] = await listen(
    (request, response) => {
      request.resume()
      response.end(`took ${request.headers.authorization?.length ?? 0}`)
    },
    { host: '127.0.0.1', port: 0, maxHeaderSize },
  )
  if (!server) throw new Error('no server')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return server
}

/** Everything that a server answers to these bytes, until it closes the connection. */
async function send(server: Server, text: string): Promise<string> {
  const socket = connect(portOf(server), '127.0.0.1').setEncoding('utf8')
  let answer = ''
  socket.on('data', (piece: string) => {
    answer += piece
  })
  socket.on('error', () => undefined)
  socket.write(text)
  await once(socket, 'close')
  return answer
}

function requestWith(authorization: string, connection = 'close'): string {
  const lines = ['Host: x', `Connection: ${connection}`, `Authorization: ${authorization}`]
  return `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

/** As long as the longest token of Kerberos that is looked at. */
const ticket = `Negotiate ${'A'.repeat(65_536)}`

describe('a listener', () => {
  test('takes the largest ticket, and cookies beside it, where tickets are taken', async () => {
    const server = await serve(ticketHeaderSize)
    expect(await send(server, requestWith(ticket))).toContain(`took ${ticket.length}`)
    const more = requestWith(ticket).replace('Host', `Cookie: a=${'b'.repeat(12_000)}\r\nHost`)
    expect(await send(server, more)).toContain(`took ${ticket.length}`)
  })

  test.each([
    ['usually', undefined, 'A'.repeat(20_000)],
    ['where tickets are taken', ticketHeaderSize, 'A'.repeat(100_000)],
  ])('refuses larger headers %s with 431, and says what to do', async (_, size, text) => {
    const answer = await send(await serve(size), requestWith(text, 'keep-alive'))
    expect(answer).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/)
    expect(answer).toContain('Connection: close')
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    expect(body).toContain('Kerberos ticket')
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
  })

  test('answers what is no HTTP with 400, without a word of its own', async () => {
    const answer = await send(await serve(), 'HELO postern\r\n\r\n')
    expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
    expect(answer.split('\r\n\r\n')[1]).toBe('')
  })

  test('adds nothing to an answer that was under way', async () => {
    const server = await serve()
    server.removeAllListeners('request')
    server.on('request', (_request, response) => {
      response.write('first')
    })
    const both = await send(server, `${requestWith('x', 'keep-alive')}HELO postern\r\n\r\n`)
    expect(both).not.toContain('400 Bad Request')
  })
})
