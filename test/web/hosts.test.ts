import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startWeb, type WebApp } from '../support/web-app.ts'

/** The status line that raw bytes get. */
async function statusOf(web: WebApp, head: readonly string[]): Promise<number> {
  const { hostname, port } = new URL(web.origin)
  const socket = connect(Number(port), hostname)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  socket.on('close', () => {
    resolve(text)
  })
  socket.on('error', reject)
  socket.end([...head, 'Connection: close', '', ''].join('\r\n'))
  return Number(/^HTTP\/1\.1 (\d{3})/.exec(await promise)?.[1])
}

const publicUrl = new URL('https://aws.corp.example')

test('answers under the public name and under the address of the listener only', async () => {
  const web = await startWeb({ settings: { publicUrl } })
  const { host, port } = new URL(web.origin)
  const wanted: Record<string, number> = {
    'aws.corp.example': 200,
    'AWS.Corp.Example': 200,
    'aws.corp.example:443': 200,
    [host]: 200,
    [`localhost:${port}`]: 200,
    'aws.corp.example:8443': 421,
    'evil.example': 421,
    [`evil.example:${port}`]: 421,
    'aws.corp.example.evil.example': 421,
    'aws.corp.example@evil.example': 421,
    'aws.corp.example/': 421,
    'aws.corp.example, evil.example': 421,
    '127.0.0.1': 421,
    localhost: 421,
    '[::1]': 421,
  }
  for (const [name, status] of Object.entries(wanted)) {
    const answer = await web.browser().get('/sign-in', { headers: { host: name } })
    expect(answer.status, name).toBe(status)
  }
})

test('refuses a request without a Host, with an empty one, and with two', async () => {
  const web = await startWeb({ settings: { publicUrl } })
  const first = 'Host: aws.corp.example'
  expect(await statusOf(web, ['GET /sign-in HTTP/1.1', first])).toBe(200)
  expect(await statusOf(web, ['GET /sign-in HTTP/1.1'])).toBe(400)
  expect(await statusOf(web, ['GET /sign-in HTTP/1.1', 'Host:'])).toBe(421)
  expect(await statusOf(web, ['GET /sign-in HTTP/1.1', first, 'Host: evil.example'])).toBe(421)
  expect(await statusOf(web, ['GET /sign-in HTTP/1.0'])).toBe(421)
})

test('refuses another host in the request line, whatever the header says', async () => {
  const web = await startWeb({ settings: { publicUrl } })
  const header = 'Host: aws.corp.example'
  const target = (url: string) => statusOf(web, [`GET ${url} HTTP/1.1`, header])
  expect(await target('https://aws.corp.example/sign-in')).toBe(200)
  expect(await target('https://evil.example/sign-in')).toBe(421)
  expect(await target('https://aws.corp.example@evil.example/sign-in')).toBe(421)
  expect(await target('evil.example/sign-in')).toBe(400)
})

test('does not care for the host that proxies forward', async () => {
  const web = await startWeb({ settings: { publicUrl } })
  const headers = {
    host: 'aws.corp.example',
    'x-forwarded-host': 'evil.example',
    forwarded: 'host=evil.example',
  }
  const answer = await web.browser().get('/?account=1', { headers })
  expect(answer.status).toBe(303)
  expect(answer.location).toMatch(/^\/sign-in\?continue=\d+$/)
})

test('health answers under every name, because probes use any', async () => {
  const web = await startWeb({ settings: { publicUrl } })
  for (const path of ['/healthz', '/readyz']) {
    const answer = await web.browser().get(path, { headers: { host: '10.1.2.3:8443' } })
    expect(answer.status).toBe(200)
  }
})

test('a request line with a whole address leads to no other place than its path', async () => {
  const web = await startWeb()
  const answer = await web.browser().get(`${web.origin}/role?account=1&role=2`)
  expect(answer.status).toBe(303)
  const number = new URLSearchParams(answer.location?.split('?')[1]).get('continue')
  expect(number).toMatch(/^\d+$/)
})
