import { GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox, type SandboxOptions } from '../../sandbox/sandbox.ts'
import { form, raw, type RawAnswer } from './raw-http.ts'
import { assume, keysOf, stsClient, type Keys } from './sdk.ts'
import { arn, BASE_USER, policy, role, trusts, worldWith } from './test-world.ts'

const TYPE = { 'content-type': 'application/x-www-form-urlencoded' }
const CONSOLE = 'https://console.aws.amazon.com/'
const MINUTE = 60_000
const world = worldWith([
  role('First', policy(trusts(BASE_USER))),
  role('Second', policy(trusts(arn('First')))),
])

let offset = 0
const now = (): Date => new Date(Date.now() + offset)
let aws: Sandbox
let keys: Required<Keys>
let chained: Required<Keys>
beforeAll(async () => {
  aws = await startSandbox({ world, now })
  keys = keysOf(await assume(aws.url, { RoleArn: arn('First'), SourceIdentity: 'bob' }))
  const first = keysOf(await assume(aws.url, { RoleArn: arn('First') }))
  chained = keysOf(await assume(aws.url, { RoleArn: arn('Second') }, first))
})
afterAll(() => aws.close())
beforeEach(() => {
  offset = 0
})

type Fields = Readonly<Record<string, string>>

async function federation(fields: Fields, url = aws.url): Promise<RawAnswer> {
  return await raw(url, { path: '/federation', headers: TYPE, body: form(fields) })
}

function session(of: Keys): string {
  const { accessKeyId, secretAccessKey, sessionToken } = of
  return JSON.stringify({ sessionId: accessKeyId, sessionKey: secretAccessKey, sessionToken })
}

async function signinToken(fields: Fields = {}, url = aws.url, of: Keys = keys): Promise<string> {
  const answer = await federation(
    { Action: 'getSigninToken', Session: session(of), ...fields },
    url,
  )
  expect(answer.status).toBe(200)
  expect(answer.headers['content-type']).toBe('application/json')
  return (JSON.parse(answer.body) as { SigninToken: string }).SigninToken
}

function expectRefusal(answer: RawAnswer): void {
  expect(answer.status).toBe(400)
  expect(answer.headers['content-type']).toMatch(/^text\/html/)
  expect(() => JSON.parse(answer.body) as unknown).toThrow(SyntaxError)
}

async function consoleEnd(fields: Fields, of: Keys): Promise<number> {
  const SigninToken = await signinToken(fields, aws.url, of)
  const login = await federation({ Action: 'login', SigninToken, Destination: CONSOLE })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  const page = await raw(aws.url, { method: 'GET', path: '/console/home', headers: { cookie } })
  const end = /datetime="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return (Date.parse(end) - Date.now()) / 1000
}

describe('getSigninToken', () => {
  test.each(['GET', 'POST'])('answers %s', async (method) => {
    const fields = form({ Action: 'getSigninToken', Session: session(keys) })
    const asked =
      method === 'GET'
        ? { path: `/federation?${fields}` }
        : { path: '/federation', headers: TYPE, body: fields }
    const answer = await raw(aws.url, { method, ...asked })
    expect(answer.status).toBe(200)
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['SigninToken'])
  })

  test('ignores parameters that it does not know', async () => {
    await signinToken({ SessionType: 'json', DurationSeconds: '1', sessionDuration: '1' })
  })

  test.each<[string, (right: Keys) => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['no object', () => '[]'],
    ['null', () => 'null'],
    ['numbers', () => '{"sessionId":1,"sessionKey":2,"sessionToken":3}'],
    ['names of another case', (right) => session(right).replace('sessionId', 'SessionId')],
    ['another key', (right) => session({ ...right, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' })],
    ['another secret', (right) => session({ ...right, secretAccessKey: 'x'.repeat(40) })],
    ['another token', (right) => session({ ...right, sessionToken: 'x'.repeat(400) })],
    ['no token', (right) => session({ ...right, sessionToken: '' })],
    [
      'a token with a space',
      (right) => session({ ...right, sessionToken: `${right.sessionToken ?? ''} ` }),
    ],
  ])('refuses a Session of %s', async (_, change) => {
    expectRefusal(await federation({ Action: 'getSigninToken', Session: change(keys) }))
  })

  test('refuses long-term keys, which have no token', async () => {
    const text = session({
      accessKeyId: 'AKIAPOSTERNDEMO00001',
      secretAccessKey: 'x',
      sessionToken: '',
    })
    expectRefusal(await federation({ Action: 'getSigninToken', Session: text }))
  })

  test('refuses a form that is sent as something else, and parameters of another case', async () => {
    const body = form({ Action: 'getSigninToken', Session: session(keys) })
    const headers = { 'content-type': 'text/plain' }
    expectRefusal(await raw(aws.url, { path: '/federation', headers, body }))
    expectRefusal(await federation({ action: 'getSigninToken', Session: session(keys) }))
    expectRefusal(await federation({ Action: 'GetSigninToken', Session: session(keys) }))
    expectRefusal(await federation({ Action: 'getSigninToken', session: session(keys) }))
  })

  test('refuses a parameter that stands twice', async () => {
    const body = form({ Action: 'getSigninToken', Session: session(keys) })
    const path = '/federation?SessionDuration=900'
    expect((await raw(aws.url, { path, headers: TYPE, body })).status).toBe(200)
    expectRefusal(
      await raw(aws.url, { path, headers: TYPE, body: `${body}&SessionDuration=43200` }),
    )
  })

  test.each(['PUT', 'HEAD', 'DELETE'])('refuses %s', async (method) => {
    const path = `/federation?${form({ Action: 'getSigninToken', Session: session(keys) })}`
    expect((await raw(aws.url, { method, path })).status).toBe(400)
  })

  test('refuses credentials that have expired', async () => {
    offset = 61 * MINUTE
    expectRefusal(await federation({ Action: 'getSigninToken', Session: session(keys) }))
  })

  test('can answer with the older error page', async () => {
    await using older = await startSandbox({ world, switches: { federationErrorPage: 'plain' } })
    const answer = await federation({ Action: 'getSigninToken' }, older.url)
    expectRefusal(answer)
    expect(answer.body).toContain('Invalid credentials parameter')
  })
})

describe('SessionDuration', () => {
  test.each(['900', '3600', '7273', '43200'])(
    'may be %s for a user that assumed a role',
    async (text) => {
      const seconds = await consoleEnd({ SessionDuration: text }, keys)
      expect(Math.abs(seconds - Number(text))).toBeLessThan(5)
    },
  )

  test('defaults to the remaining life of the credentials', async () => {
    const seconds = await consoleEnd({}, keys)
    expect(seconds).toBeLessThanOrEqual(3600)
    expect(seconds).toBeGreaterThan(3500)
  })

  test.each(['899', '43201', '0', '-900', '3600.0', '1h', '', ' 3600', '3600 ', '0x384', '9e2'])(
    'may not be "%s"',
    async (text) => {
      expectRefusal(
        await federation({
          Action: 'getSigninToken',
          Session: session(keys),
          SessionDuration: text,
        }),
      )
    },
  )

  test('must be absent after role chaining', async () => {
    const fields = { Action: 'getSigninToken', Session: session(chained) }
    expectRefusal(await federation({ ...fields, SessionDuration: '900' }))
    expect(await consoleEnd({}, chained)).toBeLessThanOrEqual(3600)
  })

  test('is fine with the credentials of an instance profile, and what they assumed', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = aws.instanceProfileCredentials(
      arn('First'),
    )
    const own = { accessKeyId, secretAccessKey, sessionToken }
    await signinToken({ SessionDuration: '43200' }, aws.url, own)
    const next = keysOf(await assume(aws.url, { RoleArn: arn('Second') }, own))
    await signinToken({ SessionDuration: '43200' }, aws.url, next)
  })

  test('can be made picky about odd values', async () => {
    const options: SandboxOptions = { world, switches: { refuseOddSessionDuration: true } }
    await using picky = await startSandbox(options)
    const of = keysOf(await assume(picky.url, { RoleArn: arn('First') }))
    await signinToken({ SessionDuration: '900' }, picky.url, of)
    await signinToken({ SessionDuration: '7200' }, picky.url, of)
    const odd = { Action: 'getSigninToken', Session: session(of), SessionDuration: '7273' }
    expectRefusal(await federation(odd, picky.url))
  })
})

test('credentials from GetSessionToken cannot sign in, unless switched', async () => {
  const get = async (url: string): Promise<Required<Keys>> => {
    const answer = await stsClient(url).send(new GetSessionTokenCommand({}))
    return keysOf({ ...answer, $metadata: {} })
  }
  expectRefusal(
    await federation({ Action: 'getSigninToken', Session: session(await get(aws.url)) }),
  )
  await using lax = await startSandbox({ world, switches: { sessionTokenSignIn: true } })
  await signinToken({}, lax.url, await get(lax.url))
})

describe('login', () => {
  test.each(['GET', 'POST'])(
    'by %s sets a session and leads to the destination',
    async (method) => {
      const body = form({ Action: 'login', SigninToken: await signinToken(), Destination: CONSOLE })
      const asked =
        method === 'GET'
          ? { path: `/federation?${body}` }
          : { path: '/federation', headers: TYPE, body }
      const answer = await raw(aws.url, { method, ...asked })
      expect(answer.status).toBe(302)
      expect(answer.headers['location']).toBe('/console/home')
      expect(String(answer.headers['set-cookie'])).toMatch(/; HttpOnly; SameSite=Lax/)
    },
  )

  test.each([
    [
      'https://console.aws.amazon.com/console/home?region=eu-west-1',
      '/console/home?region=eu-west-1',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/ec2/home#Instances:',
      '/console/ec2/home?region=eu-west-1#Instances:',
    ],
    [
      'https://eu-west-1.console.aws.amazon.com/ec2/home?region=us-east-1',
      '/console/ec2/home?region=us-east-1',
    ],
    ['https://console.amazonaws-us-gov.com/', '/console/home'],
    ['https://console.aws.amazon.com//evil.example/', '/console//evil.example/'],
    ['OWN/console/home', '/console/home'],
    ['LOOPBACK/console/s3', '/console/s3'],
  ])('to %s leads to %s', async (template, location) => {
    const Destination = template
      .replace('OWN', aws.url)
      .replace('LOOPBACK', `http://127.0.0.1:${aws.port}`)
    const answer = await federation({
      Action: 'login',
      SigninToken: await signinToken(),
      Destination,
    })
    expect(answer.headers['location']).toBe(location)
  })

  test.each([
    '',
    'console',
    '/console/home',
    '//evil.example/',
    'https://evil.example/',
    'https://console.aws.amazon.com.evil.example/',
    'https://evilconsole.aws.amazon.com/',
    'https://console.aws.amazon.com@evil.example/',
    'https://user@console.aws.amazon.com/',
    'https://console.aws.amazon.com:8443/',
    'http://console.aws.amazon.com/',
    'javascript:alert(1)',
    'data:text/html,x',
    'OWN/federation',
    'OWN/consolation',
    'OWN/console/../federation?Action=login',
    'http://localhost:1/console/home',
    'https://console.aws.amazon.com\\@evil.example/',
  ])('to "%s" is refused', async (template) => {
    const Destination = template.replace('OWN', aws.url)
    const SigninToken = await signinToken()
    const answer = await federation({ Action: 'login', SigninToken, Destination })
    if (answer.status === 302) {
      // A backslash is a slash in web addresses, so this one stays with the console.
      expect(template).toContain('\\')
      expect(answer.headers['location']).toMatch(/^\/console\//)
    } else expectRefusal(answer)
  })

  test('to another host works once it is named', async () => {
    const switches = { extraDestinationHosts: ['console.corp.example'] }
    await using own = await startSandbox({ world, switches })
    const of = keysOf(await assume(own.url, { RoleArn: arn('First') }))
    const SigninToken = await signinToken({}, own.url, of)
    const Destination = 'https://console.corp.example/ec2'
    const answer = await federation({ Action: 'login', SigninToken, Destination }, own.url)
    expect(answer.headers['location']).toBe('/console/ec2')
  })

  test('works until fifteen minutes have passed', async () => {
    const fields = { Action: 'login', SigninToken: await signinToken(), Destination: CONSOLE }
    offset = 14 * MINUTE
    expect((await federation(fields)).status).toBe(302)
    offset = 15 * MINUTE
    expectRefusal(await federation(fields))
  })

  test('works again with the same token, unless switched', async () => {
    const fields = { Action: 'login', SigninToken: await signinToken(), Destination: CONSOLE }
    expect((await federation(fields)).status).toBe(302)
    expect((await federation(fields)).status).toBe(302)
    await using once = await startSandbox({ world, switches: { signinTokenReuse: false } })
    const of = keysOf(await assume(once.url, { RoleArn: arn('First') }))
    const single = { ...fields, SigninToken: await signinToken({}, once.url, of) }
    expect((await federation(single, once.url)).status).toBe(302)
    expectRefusal(await federation(single, once.url))
  })

  test.each(['', 'x', 'a'.repeat(500)])('with the token "%s" is refused', async (SigninToken) => {
    expectRefusal(await federation({ Action: 'login', SigninToken, Destination: CONSOLE }))
  })

  test('takes no session token for a sign-in token', async () => {
    const SigninToken = Buffer.from(keys.sessionToken, 'base64').toString('base64url')
    expectRefusal(await federation({ Action: 'login', SigninToken, Destination: CONSOLE }))
  })
})
