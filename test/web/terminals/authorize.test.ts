import { describe, expect, test } from 'vitest'
import { type Browser, tokenIn } from '../../support/browser.ts'
import {
  askWithCode,
  authorization,
  bearer,
  type Fields,
  redirectUri,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

async function decide(browser: Browser, path: string, fields: Fields, decision: string) {
  return browser.submit(path, '/authorize', { ...fields, decision })
}

test('asks, approves by a click, and leads back with code, state and issuer', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { fields, verifier, path } = authorization()
  const asked = await browser.get(path)
  expect(asked.status).toBe(200)
  for (const shown of ['laptop', '127.0.0.1', '09:00 UTC', 'port 49152', 'bob', '21:00 UTC']) {
    expect(asked.text).toContain(shown)
  }
  expect(web.trail.log).toEqual(['signed-in'])

  const left = await decide(browser, path, fields, 'approve')
  expect(left.status).toBe(303)
  const back = new URL(left.location ?? '')
  expect(`${back.origin}${back.pathname}`).toBe(redirectUri)
  expect([...back.searchParams.keys()]).toEqual(['code', 'state', 'iss'])
  expect(back.searchParams.get('state')).toBe(fields['state'])
  expect(back.searchParams.get('iss')).toBe(web.origin)
  expect(left.headers['cache-control']).toBe('no-store')
  expect(web.trail.events.at(-1)).toMatchObject({
    type: 'terminal-approved',
    personId: 'bob',
    detail: 'bob@laptop, Linux, from 127.0.0.1',
  })

  const code = back.searchParams.get('code') ?? ''
  const redeemed = await askWithCode(web, {
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
  const { access_token } = tokensIn(redeemed)
  expect((await bearer(web, access_token).get('/api/v1/me')).text).toContain('"name":"bob"')
  expect(JSON.stringify([web.trail.events, web.logger])).not.toContain(code)
})

test('leads to [::1] by a page of its own, since no policy can name it', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { fields, path } = authorization({ redirect_uri: 'http://[::1]:49152/callback' })
  const left = await decide(browser, path, fields, 'approve')
  expect(left.status).toBe(200)
  expect(left.headers['refresh']).toMatch(/^0; url=http:\/\/\[::1\]:49152\/callback\?code=/)
})

test('leads back with a refusal where one is chosen, and no code was made', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { fields, path } = authorization()
  const back = new URL((await decide(browser, path, fields, 'deny')).location ?? '')
  expect([...back.searchParams.keys()]).toEqual(['error', 'state', 'iss'])
  expect(back.searchParams.get('error')).toBe('access_denied')
  expect(web.trail.log).toEqual(['signed-in', 'terminal-denied'])
})

test('whoever is not signed in comes back to the question, and to nothing more', async () => {
  const web = await startWeb()
  const browser = web.browser()
  const { path } = authorization()
  const sent = await browser.get(path)
  expect(sent.location).toMatch(/^\/sign-in\?continue=/)
  const page = sent.location ?? ''
  expect((await browser.get(page)).text).toContain('a sign-in of the command line')
  const number = new URL(page, web.origin).searchParams.get('continue') ?? ''
  const signedIn = await browser.submit(page, '/sign-in/local', {
    username: 'bob',
    password: 'bobpassword',
    continue: number,
  })
  expect(signedIn.location).toBe(path)
  expect((await browser.get(path)).text).toContain('Approve')
  expect(web.trail.log).toEqual(['signed-in'])
})

describe('approval', () => {
  test('takes a POST with the page’s token, from the page', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = authorization()
    const approve = { ...fields, decision: 'approve' }
    const token = tokenIn((await browser.get(path)).text)
    const without = await browser.post('/authorize', approve)
    expect([without.status, without.location]).toEqual([303, path])
    const forged = await browser.post('/authorize', { ...approve, _csrf: 'x'.repeat(token.length) })
    expect(forged.location).toBe(path)
    const alice = await web.signedIn('alice')
    const hers = tokenIn((await alice.get(path)).text)
    expect((await browser.post('/authorize', { ...approve, _csrf: hers })).location).toBe(path)
    const cross = await browser.post(
      '/authorize',
      { ...approve, _csrf: token },
      { headers: { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' } },
    )
    expect(cross.status).toBe(403)
    expect((await browser.get(`${path}&decision=approve`)).status).toBe(200)
    expect(web.trail.log).not.toContain('terminal-approved')
  })

  test('takes nothing but yes or no', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = authorization()
    expect((await decide(browser, path, fields, 'later')).status).toBe(400)
    expect((await browser.submit(path, '/authorize', fields)).status).toBe(400)
  })

  test('that can’t be recorded releases no code', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = authorization()
    web.trail.failOn.add('terminal-approved')
    const answer = await decide(browser, path, fields, 'approve')
    expect([answer.status, answer.location]).toEqual([503, undefined])
  })

  test('of one person signs nobody else in', async () => {
    const web = await startWeb()
    const alice = await web.signedIn('alice')
    const { fields, verifier, path } = authorization({ user: 'bob' })
    const code =
      new URL((await decide(alice, path, fields, 'approve')).location ?? '').searchParams.get(
        'code',
      ) ?? ''
    const order = { code, redirect_uri: redirectUri, code_verifier: verifier }
    const { access_token } = tokensIn(await askWithCode(web, order))
    expect((await bearer(web, access_token).get('/api/v1/me')).text).toContain('"name":"alice"')
    expect((await (await web.signedIn('bob')).get('/terminals')).text).not.toContain('laptop')
  })
})

test.each(['approve', 'deny'] as const)(
  '%s is taken only so often of one person, since each is written down',
  async (decision) => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = authorization()
    const sent = { ...fields, decision, _csrf: tokenIn((await browser.get(path)).text) }
    for (let decided = 0; decided < 60; decided++) {
      expect((await browser.post('/authorize', sent)).status).toBe(303)
    }
    const answer = await browser.post('/authorize', sent)
    expect([answer.status, answer.location]).toEqual([429, undefined])
    expect(answer.headers['retry-after']).toBe('60')
    expect(web.trail.log).toHaveLength(61)
    const alice = await web.signedIn('alice')
    expect((await decide(alice, path, fields, decision)).status).toBe(303)
  },
)

describe('in one browser', () => {
  test('the page that one person left open approves for nobody who signs in after them', async () => {
    const web = await startWeb()
    const browser = await web.signedIn('bob')
    const { fields, path } = authorization()
    const _csrf = tokenIn((await browser.get(path)).text)
    const cookies = new Map(browser.cookies)
    const sessionName = [...cookies.keys()].find((name) => name !== 'postern-visitor') ?? ''
    await browser.submit('/', '/sign-out', {})
    await browser.signIn('alice', 'alicepassword')
    expect(browser.cookies.get(sessionName)).not.toBe(cookies.get(sessionName))
    const late = await browser.post('/authorize', { ...fields, _csrf, decision: 'approve' })
    expect([late.status, late.location]).toEqual([303, path])
    expect((await browser.get(path)).text).toContain('alice')
    expect(web.trail.log).toEqual(['signed-in', 'signed-out', 'signed-in'])
  })

  test('a way back that another browser was given leads nowhere', async () => {
    const web = await startWeb()
    const attacker = web.browser()
    const planted = (await attacker.get(authorization().path)).location ?? ''
    const victim = web.browser()
    await victim.get(planted)
    const number = new URL(planted, web.origin).searchParams.get('continue') ?? ''
    const fields = { username: 'bob', password: 'bobpassword', continue: number }
    const signedIn = await victim.submit('/sign-in', '/sign-in/local', fields)
    expect([signedIn.status, signedIn.location]).toEqual([303, '/'])
  })
})

test('the question can’t be framed, and its form leads to this one program', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { headers } = await browser.get(authorization().path)
  const policy = String(headers['content-security-policy'])
  expect(policy).toContain("frame-ancestors 'none'")
  expect(/form-action ([^;]*)/.exec(policy)?.[1]?.split(' ')).toEqual([
    "'self'",
    'https://signin.aws.amazon.com',
    'http://127.0.0.1:49152',
  ])
  expect(headers['x-frame-options']).toBe('DENY')
  const other = await browser.get('/')
  expect(other.headers['content-security-policy']).not.toContain('127.0.0.1')
})
