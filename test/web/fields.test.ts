import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { InvalidRequest } from '../../src/errors.ts'
import { parseFields } from '../../src/web/forms/fields.ts'
import { readRoleSessionForm } from '../../src/web/forms/form-fields.ts'
import { type SignedIn, signedIn } from '../support/signed-in-web.ts'
import { startWeb } from '../support/web-app.ts'

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const type = 'application/x-www-form-urlencoded'

function send(
  { browser, token }: SignedIn,
  body: string | Buffer,
  headers: Record<string, string> = {},
) {
  const whole = typeof body === 'string' ? `_csrf=${token}&${body}` : body
  return browser.post(
    '/role-sessions',
    {},
    { body: whole, headers: { 'content-type': type, ...headers } },
  )
}

describe('a form', () => {
  test.each([
    ['a field twice', `role=${readOnly}&role=${readOnly}`, 'role came more than once'],
    ['an array', `role[]=${readOnly}`, 'no form has'],
    ['an object', `role[arn]=${readOnly}`, 'no form has'],
    ['a prototype', `role=${readOnly}&__proto__=x`, '__proto__ (not a field'],
    ['a field that it does not have', `role=${readOnly}&duraton=900`, 'duraton (not a field'],
    ['no role', 'duration=900', 'role (a role ARN)'],
    ['words for a number', `role=${readOnly}&duration=one`, 'duration (a whole number of seconds)'],
    ['a fraction', `role=${readOnly}&duration=900.5`, 'duration (a whole number of seconds)'],
    ['an exponent', `role=${readOnly}&duration=9e3`, 'duration (a whole number of seconds)'],
    ['a negative number', `role=${readOnly}&duration=-900`, 'duration (a whole number of seconds)'],
    ['a huge number', `role=${readOnly}&duration=${'9'.repeat(400)}`, 'duration (a whole number'],
    ['a yes for true', `role=${readOnly}&console=yes`, 'console (true or false)'],
    ['no region', `role=${readOnly}&region=eu-west-1;drop`, 'not an AWS region'],
    ['a NUL', `role=${readOnly}&destination=a%00b`, 'destination holds a NUL'],
    ['half an escape', `role=${readOnly}&destination=%`, 'not encoded in UTF-8'],
    ['an escape that is no UTF-8', `role=${readOnly}&destination=%ff`, 'not encoded in UTF-8'],
    [
      'too many fields',
      Array.from({ length: 40 }, (_, n) => `f${n}=1`).join('&'),
      'too many fields',
    ],
    ['a long destination', `role=${readOnly}&destination=${'a'.repeat(3000)}`, 'at most 2048'],
  ])('with %s is refused and says why', async (_name, body, words) => {
    const setting = await signedIn()
    const answer = await send(setting, body)
    expect(answer.status).toBe(400)
    expect(answer.text.replaceAll('&#39;', '’')).toContain(words)
    expect(setting.web.issuer.orders).toHaveLength(0)
  })

  test('that is too large is refused before it is read', async () => {
    const setting = await signedIn()
    const answer = await send(setting, `role=${'a'.repeat(20_000)}`)
    expect(answer.status).toBe(413)
    expect(answer.text).toContain('larger than it can be')
  })

  test.each([
    ['JSON', { 'content-type': 'application/json' }, '{}'],
    ['a file', { 'content-type': 'multipart/form-data; boundary=x' }, 'x'],
    ['plain text', { 'content-type': 'text/plain' }, 'role=x'],
    ['Latin-1', { 'content-type': `${type}; charset=iso-8859-1` }, 'role=x'],
    ['UTF-16', { 'content-type': `${type}; charset=utf-16` }, 'role=x'],
    ['a type that only begins like ours', { 'content-type': `${type}x` }, 'role=x'],
    ['gzip', { 'content-encoding': 'gzip' }, gzipSync('role=x')],
    ['an unknown encoding', { 'content-encoding': 'rot13' }, 'role=x'],
  ])('as %s is refused', async (_name, headers, body) => {
    const setting = await signedIn()
    const answer = await send(setting, Buffer.from(body), headers)
    expect(answer.status).toBe(415)
    expect(answer.text).toContain(String(answer.headers['x-request-id']))
  })

  test('in raw bytes that are no UTF-8 is refused', async () => {
    const setting = await signedIn()
    const answer = await send(setting, Buffer.from([0x72, 0x3d, 0xff, 0xfe]))
    expect(answer.status).toBe(400)
  })

  test.each(['UTF-8', '"utf-8"', 'utf-8 '])('in charset=%s is taken', async (charset) => {
    const setting = await signedIn()
    const headers = { 'content-type': `${type}; charset=${charset}` }
    expect((await send(setting, `role=${readOnly}`, headers)).status).toBe(303)
  })

  test('comes back filled in beside what was wrong with it', async () => {
    const setting = await signedIn()
    const answer = await send(
      setting,
      `role=${readOnly}&duration=99999&consoleDuration=3600&region=eu-north-1&destination=https%3A%2F%2Fconsole.aws.amazon.com%2Fec2`,
    )
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('role="alert"')
    expect(answer.text).toMatch(/name="consoleDuration" value="3600" checked/)
    expect(answer.text).toMatch(/<option selected>eu-north-1/)
    expect(answer.text).toContain('value="https://console.aws.amazon.com/ec2"')
  })

  test('with a field left empty is as good as without it', () => {
    const fields = { role: readOnly, duration: '', region: '', destination: '', console: '' }
    expect(readRoleSessionForm(fields)).toEqual({
      role: readOnly,
      duration: undefined,
      console: false,
      consoleDuration: undefined,
      destination: undefined,
      region: undefined,
    })
  })
})

test.each(['/?account=1&account=2', '/role?account=%ff', '/console?role=%00', '/?a[]=1'])(
  'refuses the query of %s',
  async (path) => {
    const { browser } = await signedIn()
    const answer = await browser.get(path)
    expect(answer.status).toBe(400)
  },
)

test('takes a query of other people’s words for what it is: nothing', async () => {
  const { browser } = await signedIn()
  expect((await browser.get('/?utm_source=wiki')).status).toBe(200)
})

test('a name or password past its bounds costs no hash', async () => {
  const web = await startWeb()
  const browser = web.browser()
  const wrong: Record<string, string>[] = [
    { username: '', password: 'x' },
    { username: 'bob', password: '' },
    { username: 'b'.repeat(257), password: 'x' },
    { username: 'bob', password: 'x'.repeat(1025) },
    { username: 'bob\0', password: 'x' },
    { username: 'bob' },
    { password: 'x' },
  ]
  for (const fields of wrong) {
    const answer = await browser.submit('/sign-in', '/sign-in/local', fields)
    expect(answer.status).toBe(400)
  }
  expect(web.hasher.verified).toBe(0)
})

test('parsing keeps a field called __proto__ a field', () => {
  const fields = parseFields('__proto__=x')
  expect(Object.hasOwn(fields, '__proto__')).toBe(true)
  expect(Object.getPrototypeOf({})).toBe(Object.prototype)
})

test.each(['a=1&a=2', 'a%00=1', 'a b=1', '=1', `${'a'.repeat(65)}=1`])(
  'parsing refuses %j',
  (text) => {
    expect(() => parseFields(text)).toThrow(InvalidRequest)
  },
)

describe('an address', () => {
  test.each([
    ['/nowhere', 404],
    ['/Sign-In', 404],
    ['/sign-in/', 404],
    ['//sign-in', 404],
    ['/role-sessions/%ff', 400],
    ['/role-sessions/%2e%2e%2fsign-in', 404],
    ['/public/', 404],
    ['/public/../views/error.ejs', 404],
    ['/public/%2e%2e/views/error.ejs', 404],
    ['/public/.hidden', 404],
  ])('%s answers %i', async (path, status) => {
    const { browser } = await signedIn()
    expect((await browser.get(path)).status).toBe(status)
  })

  test.each([
    ['PUT', '/', 'GET, HEAD'],
    ['DELETE', '/console', 'GET, HEAD, POST'],
    ['PATCH', '/role-sessions', 'POST'],
    ['GET', '/sign-out', 'POST'],
    ['POST', '/role', 'GET, HEAD'],
    ['TRACE', '/', 'GET, HEAD'],
  ])('%s %s is not allowed, and says what is', async (method, path, allow) => {
    const { browser, web } = await signedIn()
    const headers = { 'sec-fetch-site': 'same-origin', origin: web.origin }
    const answer = await browser.send(method, path, { headers })
    expect(answer.status).toBe(405)
    expect(answer.headers['allow']).toBe(allow)
  })

  test('asked for by HEAD answers as by GET, without a body', async () => {
    const { browser } = await signedIn()
    const answer = await browser.send('HEAD', '/', {})
    expect([answer.status, answer.text]).toEqual([200, ''])
  })
})
