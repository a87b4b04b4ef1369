import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { type Browser, tokenIn } from '../../support/browser.ts'
import { pkce } from '../../support/pkce.ts'
import { askWithCode, bearer, redirectUri, tokensIn } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

type Fields = Readonly<Record<string, string>>

function request(changes: Fields = {}) {
  const { verifier, challenge } = pkce()
  const fields: Fields = {
    response_type: 'code',
    client_id: 'postern-cli',
    redirect_uri: redirectUri,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    state: randomBytes(32).toString('base64url'),
    host: 'laptop',
    user: 'bob',
    system: 'Linux',
    ...changes,
  }
  return { fields, verifier, path: `/authorize?${new URLSearchParams(fields).toString()}` }
}

async function decide(browser: Browser, path: string, fields: Fields, decision: string) {
  return browser.submit(path, '/authorize', { ...fields, decision })
}

test('asks, approves by a click, and leads back with code, state and issuer', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { fields, verifier, path } = request()
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
  const { fields, path } = request({ redirect_uri: 'http://[::1]:49152/callback' })
  const left = await decide(browser, path, fields, 'approve')
  expect(left.status).toBe(200)
  expect(left.headers['refresh']).toMatch(/^0; url=http:\/\/\[::1\]:49152\/callback\?code=/)
})

test('leads back with a refusal where one is chosen, and no code was made', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { fields, path } = request()
  const back = new URL((await decide(browser, path, fields, 'deny')).location ?? '')
  expect([...back.searchParams.keys()]).toEqual(['error', 'state', 'iss'])
  expect(back.searchParams.get('error')).toBe('access_denied')
  expect(web.trail.log).toEqual(['signed-in', 'terminal-denied'])
})

test('whoever is not signed in comes back to the question, and to nothing more', async () => {
  const web = await startWeb()
  const browser = web.browser()
  const { path } = request()
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

describe('the address to lead back to', () => {
  test.each([
    'https://evil.example/callback',
    'http://evil.example:49152/callback',
    'http://localhost:49152/callback',
    'http://127.0.0.1/callback',
    'http://127.0.0.1:0/callback',
    'http://127.0.0.1:80/callback',
    'http://127.0.0.1:99999/callback',
    'http://127.0.0.1:049152/callback',
    'http://127.0.0.1:49152',
    'http://127.0.0.1:49152@evil.example/callback',
    'http://evil.example@127.0.0.1:49152/callback',
    'http://127.0.0.1:49152/callback#fragment',
    'http://127.0.0.1:49152/callback?next=https://evil.example',
    'http://127.0.0.1:49152/a/../b',
    'http://127.0.0.1:49152\\@evil.example/callback',
    'http://127.0.0.1:49152.evil.example/callback',
    'http://127.1:49152/callback',
    'http://2130706433:49152/callback',
    'http://0x7f.0.0.1:49152/callback',
    'http://0.0.0.0:49152/callback',
    'http://127.0.0.2:49152/callback',
    'http://[::ffff:127.0.0.1]:49152/callback',
    'http://[0:0:0:0:0:0:0:1]:49152/callback',
    'https://127.0.0.1:49152/callback',
    'HTTP://127.0.0.1:49152/callback',
    ' http://127.0.0.1:49152/callback',
    'http://127.0.0.1:49152/callback\r\nX: y',
    'javascript:alert(1)',
    '//127.0.0.1:49152/callback',
    '',
  ])('%j is refused, and nothing leads there', async (address) => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const good = request()
    const bad = request({ redirect_uri: address })
    const asked = await browser.get(bad.path)
    expect([asked.status, asked.location]).toEqual([400, undefined])
    const posted = await decide(browser, good.path, bad.fields, 'approve')
    expect([posted.status, posted.location]).toEqual([400, undefined])
    expect(web.trail.log).not.toContain('terminal-approved')
  })
})

test.each<[string, Fields]>([
  ['another kind of answer', { response_type: 'token' }],
  ['another client', { client_id: 'evil' }],
  ['a plain challenge', { code_challenge_method: 'plain' }],
  ['no challenge', { code_challenge: '' }],
  ['a short challenge', { code_challenge: 'abc' }],
  ['a guessable state', { state: '1' }],
  ['a state that breaks a header', { state: `${'a'.repeat(30)}\r\n` }],
  ['a host over two lines', { host: 'laptop\nis fine' }],
  ['a long host', { host: 'x'.repeat(300) }],
])('refuses %s, without leading anywhere', async (_what, changes) => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const answer = await browser.get(request(changes).path)
  expect([answer.status, answer.location]).toEqual([400, undefined])
})

test('refuses a field that comes twice', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const answer = await browser.get(`${request().path}&redirect_uri=http://127.0.0.1:1/x`)
  expect(answer.status).toBe(400)
})

describe('approval', () => {
  test('takes a POST with the page’s token, from the page', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = request()
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
    const { fields, path } = request()
    expect((await decide(browser, path, fields, 'later')).status).toBe(400)
    expect((await browser.submit(path, '/authorize', fields)).status).toBe(400)
  })

  test('that can’t be recorded releases no code', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = request()
    web.trail.failOn.add('terminal-approved')
    const answer = await decide(browser, path, fields, 'approve')
    expect([answer.status, answer.location]).toEqual([503, undefined])
  })

  test('is taken only so often of one person', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { fields, path } = request()
    const sent = { ...fields, decision: 'approve', _csrf: tokenIn((await browser.get(path)).text) }
    for (let approved = 0; approved < 60; approved++) {
      expect((await browser.post('/authorize', sent)).status).toBe(303)
    }
    const answer = await browser.post('/authorize', sent)
    expect([answer.status, answer.location, answer.headers['retry-after']]).toEqual([
      429,
      undefined,
      '60',
    ])
    expect(web.trail.log.filter((type) => type === 'terminal-approved')).toHaveLength(60)
    expect((await decide(await web.signedIn('alice'), path, fields, 'approve')).status).toBe(303)
  })

  test('of one person signs nobody else in', async () => {
    const web = await startWeb()
    const alice = await web.signedIn('alice')
    const { fields, verifier, path } = request({ user: 'bob' })
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

test('the question can’t be framed, and its form leads to this one program', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  const { headers } = await browser.get(request().path)
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
