import { once } from 'node:events'
import { type OutgoingHttpHeaders, request } from 'node:http'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { journeyCookie, startJourney, startSamlWeb } from '../../support/saml/web-target.ts'
import type { WebApp } from '../../support/web-app.ts'

/** A response of the provider that is about to be sent. */
function posting(web: WebApp, headers: OutgoingHttpHeaders = {}) {
  const outgoing = request(web.origin, {
    method: 'POST',
    path: '/saml/corp/acs',
    agent: false,
    headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
  })
  // It is cut off while it still sends.
  outgoing.on('error', () => undefined)
  return { outgoing, answered: once(outgoing, 'response') }
}

/** Those that will have been opened. */
function socketsOf({ server }: WebApp): readonly Socket[] {
  const sockets: Socket[] = []
  server?.on('connection', (socket) => sockets.push(socket))
  return sockets
}

test('a body of 8 MB is refused by what it says of itself, and not read', async () => {
  const web = await startSamlWeb()
  const sockets = socketsOf(web)
  const { outgoing, answered } = posting(web)
  outgoing.end(Buffer.alloc(8 * 1024 * 1024, 'A'))
  await Promise.race([answered, once(outgoing, 'close')])
  await expect.poll(() => sockets[0]?.destroyed).toBe(true)
  expect(sockets[0]?.bytesRead).toBeLessThan(2 * 1024 * 1024)
  expect(web.samlRefusals).toEqual(['corp saml_too_large'])
})

test('one that does not say how large it is is read to its limit and no further', async () => {
  const web = await startSamlWeb()
  const browser = web.browser()
  const { browser: nonce } = await startJourney(browser)
  browser.cookies.set(journeyCookie, nonce)
  const { outgoing, answered } = posting(web, { 'transfer-encoding': 'chunked' })
  for (let piece = 0; piece < 6; piece += 1) outgoing.write(`a${piece}=${'A'.repeat(65_536)}&`)
  outgoing.end('end=')
  const response: unknown = (await answered).at(0)
  expect(response).toMatchObject({ statusCode: 413 })
  expect(web.samlRefusals).toEqual(['corp saml_too_large'])
})

test('one that never ends is answered at its limit, and the rest is not waited for', async () => {
  const web = await startSamlWeb()
  const sockets = socketsOf(web)
  const { outgoing, answered } = posting(web, { 'transfer-encoding': 'chunked' })
  outgoing.write(Buffer.alloc(8 * 1024 * 1024, 'A'))
  const response: unknown = (await answered).at(0)
  expect(response).toMatchObject({ statusCode: 413, headers: { connection: 'close' } })
  await expect.poll(() => sockets[0]?.destroyed).toBe(true)
  expect(sockets[0]?.bytesRead).toBeLessThan(2 * 1024 * 1024)
  expect(web.samlRefusals).toEqual(['corp saml_too_large'])
  outgoing.destroy()
})
