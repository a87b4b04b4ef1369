import { describe, expect, test } from 'vitest'
import { tokenIn } from '../support/browser.ts'
import { type SignedIn, signedIn } from '../support/signed-in-web.ts'
import { startWeb } from '../support/web-app.ts'

type Headers = Record<string, string | string[]>

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const form = 'application/x-www-form-urlencoded'

/** Posts with exactly these headers, as the attacked browser would: with its cookies. */
function post({ browser, token }: SignedIn, headers: Headers, sent = token) {
  const body = new URLSearchParams({ _csrf: sent, role: readOnly }).toString()
  return browser.send('POST', '/role-sessions', {
    headers: { 'content-type': form, ...headers },
    body,
  })
}

describe('a form is taken', () => {
  test.each<[string, (origin: string) => Headers]>([
    ['from our own page', (origin) => ({ 'sec-fetch-site': 'same-origin', origin })],
    [
      'from our own page with Origin: null',
      () => ({ 'sec-fetch-site': 'same-origin', origin: 'null' }),
    ],
    ['from nobody’s page, as after a restored tab', () => ({ 'sec-fetch-site': 'none' })],
    ['from an old browser that sends our Origin only', (origin) => ({ origin })],
  ])('%s', async (_name, headers) => {
    const setting = await signedIn()
    const answer = await post(setting, headers(setting.web.origin))
    expect(answer.status).toBe(303)
    expect(setting.web.issuer.orders).toHaveLength(1)
  })
})

describe('a form is refused, and nothing is issued,', () => {
  test.each<[string, (origin: string) => Headers]>([
    [
      'from another site',
      () => ({ 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }),
    ],
    [
      'from a sister domain',
      () => ({ 'sec-fetch-site': 'same-site', origin: 'https://x.corp.example' }),
    ],
    [
      'from another site that forges our Origin',
      (origin) => ({ 'sec-fetch-site': 'cross-site', origin }),
    ],
    ['from an old browser with another Origin', () => ({ origin: 'https://evil.example' })],
    ['from an old browser with Origin: null', () => ({ origin: 'null' })],
    ['from our host on another port', () => ({ origin: 'http://127.0.0.1:1' })],
    [
      'from our host over another scheme',
      (origin) => ({ origin: origin.replace('http', 'https') }),
    ],
    ['from nowhere at all', () => ({})],
    [
      'with two Sec-Fetch-Site headers',
      (origin) => ({ 'sec-fetch-site': ['same-origin', 'cross-site'], origin }),
    ],
    [
      'with a Sec-Fetch-Site of no known kind',
      (origin) => ({ 'sec-fetch-site': 'SAME-ORIGIN', origin }),
    ],
    ['with an empty Sec-Fetch-Site', (origin) => ({ 'sec-fetch-site': '', origin })],
    [
      'with an origin that only begins like ours',
      (origin) => ({ origin: `${origin}.evil.example` }),
    ],
  ])('%s', async (_name, headers) => {
    const setting = await signedIn()
    const answer = await post(setting, headers(setting.web.origin))
    expect(answer.status).toBe(403)
    expect(setting.web.issuer.orders).toHaveLength(0)
    expect(setting.web.trail.log).toEqual(['signed-in'])
  })

  test.each(['', 'x', 'A'.repeat(64), 'ü'.repeat(64)])('with the token %j', async (token) => {
    const setting = await signedIn()
    const answer = await post(setting, { 'sec-fetch-site': 'same-origin' }, token)
    expect([answer.status, answer.location?.startsWith('/role?')]).toEqual([303, true])
    expect(setting.web.issuer.orders).toHaveLength(0)
  })

  test('with the token of somebody else’s session', async () => {
    const setting = await signedIn()
    const alice = await setting.web.signedIn('alice')
    const theirs = tokenIn((await alice.get('/')).text)
    expect(theirs).toHaveLength(64)
    await post(setting, { 'sec-fetch-site': 'same-origin' }, theirs)
    expect(setting.web.issuer.orders).toHaveLength(0)
  })

  test('with the token of the sign-in page', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const token = tokenIn((await browser.get('/sign-in')).text)
    await browser.signIn('bob', 'bobpassword')
    await post({ web, browser, token }, { 'sec-fetch-site': 'same-origin' })
    expect(web.issuer.orders).toHaveLength(0)
  })

  test('with the token in the query or in a header', async () => {
    const { web, browser, token } = await signedIn()
    await browser.post(
      `/role-sessions?_csrf=${token}`,
      { role: readOnly },
      { headers: { 'x-csrf-token': token } },
    )
    expect(web.issuer.orders).toHaveLength(0)
  })
})

test.each([
  '/sign-in/local',
  '/sign-out',
  '/role-sessions',
  '/role-sessions/some-id/console-url',
  '/console',
])('%s takes no POST from another site, signed in or not', async (path) => {
  const setting = await signedIn()
  const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
  for (const browser of [setting.browser, setting.web.browser()]) {
    const answer = await browser.post(path, { _csrf: setting.token }, { headers })
    expect(answer.status).toBe(403)
    expect(answer.headers['set-cookie']).toBeUndefined()
  }
  expect((await setting.browser.get('/')).status).toBe(200)
})

describe('a sign-in', () => {
  test('is not taken without the cookie that its token belongs to (login CSRF)', async () => {
    const web = await startWeb()
    const attacker = web.browser()
    const token = tokenIn((await attacker.get('/sign-in')).text)
    const victim = web.browser()
    const fields = { _csrf: token, username: 'alice', password: 'alicepassword' }
    const answer = await victim.post('/sign-in/local', fields)
    expect(answer.status).toBe(403)
    expect(victim.cookies.has('postern')).toBe(false)
    expect(web.hasher.verified).toBe(0)
  })

  test('shows its form again with the name when the cookie is gone', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const answer = await browser.post('/sign-in/local', {
      username: 'bob',
      password: 'secret-word',
    })
    expect(answer.status).toBe(403)
    expect(answer.text).toContain('value="bob"')
    expect(answer.text).not.toContain('secret-word')
    const fields = { _csrf: tokenIn(answer.text), username: 'bob', password: 'bobpassword' }
    expect((await browser.post('/sign-in/local', fields)).status).toBe(303)
  })
})

test('a cross-site GET changes nothing', async () => {
  const { web, browser } = await signedIn()
  const headers = {
    'sec-fetch-site': 'cross-site',
    'sec-fetch-mode': 'no-cors',
    'sec-fetch-dest': 'image',
  }
  expect((await browser.get('/sign-in/local', { headers })).location).toBe('/sign-in')
  for (const path of ['/sign-out', '/role-sessions']) {
    const answer = await browser.get(path, { headers })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe('POST')
  }
  expect((await browser.get('/')).status).toBe(200)
  expect(web.issuer.orders).toHaveLength(0)
})
