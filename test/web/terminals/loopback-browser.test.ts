import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { hasChromium, launchChromium } from '../../support/chromium.ts'
import { pkce } from '../../support/pkce.ts'
import { askWithCode, bearer, tokensIn } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

/** A program that waits on loopback for the browser to come back. */
async function startProgram(host: string) {
  const server = createServer((request, response) => {
    response.end('<!doctype html><title>done</title>')
    if (request.url?.startsWith('/callback')) server.emit('callback', request)
  })
  server.listen(0, host)
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  if (!address || typeof address === 'string') throw new Error('no port')
  const origin = `http://${host === '::1' ? '[::1]' : host}:${address.port}`
  const callback = async () => {
    const [request] = (await once(server, 'callback')) as [IncomingMessage]
    return new URL(request.url ?? '', origin).searchParams
  }
  return { redirectUri: `${origin}/callback`, callback }
}

test.for(['127.0.0.1', '::1'])(
  'a real browser signs in, approves, and leads back to a program at %s',
  { timeout: 20_000 },
  async (host, context) => {
    if (!hasChromium()) context.skip('needs chromium')
    const web = await startWeb()
    const program = await startProgram(host)
    const { verifier, challenge } = pkce()
    const state = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      response_type: 'code',
      client_id: 'postern-cli',
      redirect_uri: program.redirectUri,
      code_challenge: challenge,
      code_challenge_method: 'S256',
      state,
      host: 'laptop',
    })
    const browser = await launchChromium()
    onTestFinished(() => browser.close())
    const page = await browser.newPage()
    await page.goto(`${web.origin}/authorize?${query.toString()}`)
    await page.getByLabel('User name').fill('bob')
    await page.getByLabel('Password').fill('bobpassword')
    await page.getByRole('button', { name: 'Sign in' }).click()
    const arrived = program.callback()
    await page.getByRole('button', { name: 'Approve' }).click()
    const answer = await arrived
    expect(answer.get('state')).toBe(state)
    expect(answer.get('iss')).toBe(web.origin)
    const code = answer.get('code') ?? ''
    const tokens = tokensIn(
      await askWithCode(web, { code, redirect_uri: program.redirectUri, code_verifier: verifier }),
    )
    expect((await bearer(web, tokens.access_token).get('/api/v1/me')).status).toBe(200)
  },
)
