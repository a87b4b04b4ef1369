import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { form, raw, type RawAnswer } from './raw-http.ts'
import { assume, keysOf } from './sdk.ts'

const ISSUER = 'http://localhost:3000/?account=111111111111&role=ReadOnly'
const HOUR = 3_600_000

let offset = 0
let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ now: () => new Date(Date.now() + offset) })
})
afterAll(() => aws.close())
beforeEach(() => {
  offset = 0
})

interface SignIn {
  readonly name?: string
  readonly Issuer?: string
  readonly cookie?: string
  readonly url?: string
}

async function signIn({
  name = 'bob',
  Issuer = ISSUER,
  cookie,
  url = aws.url,
}: SignIn = {}): Promise<RawAnswer> {
  const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'
  const keys = keysOf(await assume(url, { RoleArn, RoleSessionName: name, SourceIdentity: name }))
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const Session = JSON.stringify({
    sessionId: keys.accessKeyId,
    sessionKey: keys.secretAccessKey,
    sessionToken: keys.sessionToken,
  })
  const body = form({ Action: 'getSigninToken', Session, SessionDuration: '7200' })
  const answer = await raw(url, { path: '/federation', headers, body })
  const { SigninToken } = JSON.parse(answer.body) as { SigninToken: string }
  const login = form({ Action: 'login', SigninToken, Destination: `${url}/console/home`, Issuer })
  return await raw(url, {
    method: 'GET',
    path: `/federation?${login}`,
    headers: cookie === undefined ? {} : { cookie },
  })
}

function cookieOf(answer: RawAnswer): string {
  return String(answer.headers['set-cookie']).split(';')[0] ?? ''
}

async function page(path: string, cookie?: string): Promise<RawAnswer> {
  return await raw(aws.url, {
    method: 'GET',
    path,
    headers: cookie === undefined ? {} : { cookie: `other=1; ${cookie}` },
  })
}

describe('the console stand-in', () => {
  test('says who is signed in, as what, until when, and that nothing is real', async () => {
    const { status, body, headers } = await page(
      '/console/ec2/home?region=eu-west-1',
      cookieOf(await signIn()),
    )
    expect(status).toBe(200)
    for (const text of [
      'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
      '<dd>111111111111</dd>',
      '<dd>bob</dd>',
      '<dd>eu-west-1</dd>',
      '/console/ec2/home',
      '(in 2 h 0 min)',
      'Nothing here is real',
    ]) {
      expect(body).toContain(text)
    }
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['content-security-policy']).toContain("default-src 'none'")
    expect(body).not.toMatch(/<script|<style| style=| on[a-z]+=/i)
  })

  test('escapes what comes in the address', async () => {
    const path = '/console/%22%3E%3Cscript%3E?region=%3Cscript%3E%22%27'
    const { body } = await page(path, cookieOf(await signIn()))
    expect(body).not.toContain('<script>')
    expect(body).toContain('&lt;script&gt;&quot;&#39;')
  })

  test('knows nobody without a cookie, or with one that it did not make', async () => {
    for (const cookie of [undefined, 'postern-sandbox-console=', 'postern-sandbox-console=AAAA']) {
      expect((await page('/console/home', cookie)).status).toBe(403)
    }
  })

  test('leads back to the Issuer once the session has expired', async () => {
    const cookie = cookieOf(await signIn())
    offset = 2 * HOUR
    const { status, body } = await page('/console/home', cookie)
    expect(status).toBe(403)
    expect(body).toContain('Your session has expired')
    expect(body).toContain(`href="${ISSUER.replaceAll('&', '&amp;')}"`)
  })

  test.each(['javascript:alert(1)', 'nonsense', ''])(
    'links to no Issuer like "%s"',
    async (Issuer) => {
      const cookie = cookieOf(await signIn({ Issuer }))
      offset = 2 * HOUR
      const { body } = await page('/console/home', cookie)
      expect(body).not.toContain('<a ')
      expect(body).toContain('named no Issuer')
    },
  )

  test('signs out by a form of its own, not by a link and not from another site', async () => {
    const path = '/console/sign-out'
    expect((await page(path)).status).toBe(405)
    const foreign = { 'sec-fetch-site': 'cross-site' }
    expect((await raw(aws.url, { path, headers: foreign })).status).toBe(405)
    const answer = await raw(aws.url, { path, headers: { 'sec-fetch-site': 'same-origin' } })
    expect(answer.status).toBe(200)
    expect(String(answer.headers['set-cookie'])).toMatch(/console=; .*Max-Age=0/)
  })

  test('has a stylesheet', async () => {
    const { headers, status, body } = await page('/_sandbox/console.css')
    expect(status).toBe(200)
    expect(body).toMatch(/--paper:[^]*--warn:[^]*dl div/)
    expect(headers['content-type']).toMatch(/^text\/css/)
  })
})

describe('a browser that holds another identity', () => {
  test('gets the new one, as with multi-session', async () => {
    const cookie = cookieOf(await signIn())
    expect((await signIn({ name: 'alice', cookie })).status).toBe(302)
  })

  test('is told to log out first, where switched so', async () => {
    await using old = await startSandbox({ switches: { logOutFirst: true } })
    const cookie = cookieOf(await signIn({ url: old.url }))
    expect((await signIn({ url: old.url, cookie })).status).toBe(302)
    const other = await signIn({ url: old.url, name: 'alice', cookie })
    expect(other.status).toBe(400)
    expect(other.body).toContain(
      'You must first log out before logging into a different AWS account',
    )
  })

  test('can log out on the way to a sign-in URL, and to nothing else', async () => {
    const logout = async (to: string): Promise<RawAnswer> =>
      await page(`/oauth?${form({ Action: 'logout', redirect_uri: to })}`)
    const next = await logout(`${aws.url}/federation?Action=login&SigninToken=x`)
    expect(next.status).toBe(302)
    expect(next.headers['location']).toBe('/federation?Action=login&SigninToken=x')
    expect(String(next.headers['set-cookie'])).toContain('Max-Age=0')
    for (const to of [
      'https://evil.example/federation',
      `${aws.url}/other`,
      '//evil.example',
      '',
    ]) {
      const answer = await logout(to)
      expect(answer.status).toBe(200)
      expect(answer.headers['location']).toBeUndefined()
    }
  })
})
