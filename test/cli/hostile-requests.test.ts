import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, test } from 'vitest'
import { tokenPath } from './ask-service.ts'
import { cliLab } from './cli-lab.ts'
import { serving } from './serving.ts'

/** Sends bytes as they are; what came back until the other side closed, and after how many milliseconds. */
async function sent(url: string, bytes: string): Promise<{ answer: string; after: number }> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  const from = Date.now()
  let answer = ''
  socket.on('data', (chunk: Buffer) => {
    answer += chunk.toString()
  })
  socket.on('error', () => undefined)
  socket.write(bytes)
  await once(socket, 'close')
  return { answer, after: Date.now() - from }
}

describe('serve', () => {
  test('cuts those off that never finish their request', { timeout: 20_000 }, async () => {
    const { url } = await serving(await cliLab())
    const { answer, after } = await sent(url, 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n')
    expect(answer).toMatch(/^HTTP\/1.1 408 /)
    expect(after).toBeLessThan(10_000)
  })

  test('does not read a body to its end', async () => {
    const { url } = await serving(await cliLab())
    const head = `PUT ${tokenPath} HTTP/1.1\r\nHost: 127.0.0.1\r\n`
    for (const length of ['Content-Length: 100000000', 'Transfer-Encoding: chunked']) {
      const { answer, after } = await sent(url, `${head}${length}\r\n\r\n`)
      expect(answer).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*Connection: close\r\n/)
      expect(after).toBeLessThan(4_000)
    }
  })

  test('refuses two Host headers, and requests without one', async () => {
    const { url } = await serving(await cliLab())
    const two = `PUT ${tokenPath} HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil\r\nConnection: close\r\n\r\n`
    expect((await sent(url, two)).answer).toMatch(/^HTTP\/1.1 421 /)
    const none = await sent(url, `PUT ${tokenPath} HTTP/1.0\r\n\r\n`)
    expect(none.answer).toMatch(/^HTTP\/1.1 421 /)
  })
})
