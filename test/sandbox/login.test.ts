import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import {
  chainWorld,
  CONSOLE,
  expectRefusal,
  federation,
  FORM_TYPE,
  signinToken,
} from './federation-client.ts'
import { form, raw } from './raw-http.ts'
import { assume, keysOf, type Keys } from './sdk.ts'
import { arn } from './test-world.ts'

const MINUTE = 60_000

let offset = 0
const now = (): Date => new Date(Date.now() + offset)
let aws: Sandbox
let keys: Required<Keys>
beforeAll(async () => {
  aws = await startSandbox({ world: chainWorld, now })
  keys = keysOf(await assume(aws.url, { RoleArn: arn('First') }))
})
afterAll(() => aws.close())
beforeEach(() => {
  offset = 0
})

describe('login', () => {
  test.each(['GET', 'POST'])(
    'by %s sets a session and leads to the destination',
    async (method) => {
      const body = form({
        Action: 'login',
        SigninToken: await signinToken(aws.url, keys),
        Destination: CONSOLE,
      })
      const asked =
        method === 'GET'
          ? { path: `/federation?${body}` }
          : { path: '/federation', headers: FORM_TYPE, body }
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
    // In web addresses a backslash is a slash.
    ['https://console.aws.amazon.com\\@evil.example/', '/console/@evil.example/'],
    ['OWN/console/home', '/console/home'],
    ['LOOPBACK/console/s3', '/console/s3'],
  ])('to %s leads to %s', async (template, location) => {
    const Destination = template
      .replace('OWN', aws.url)
      .replace('LOOPBACK', `http://127.0.0.1:${aws.port}`)
    const answer = await federation(aws.url, {
      Action: 'login',
      SigninToken: await signinToken(aws.url, keys),
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
  ])('to "%s" is refused', async (template) => {
    const Destination = template.replace('OWN', aws.url)
    const SigninToken = await signinToken(aws.url, keys)
    const answer = await federation(aws.url, { Action: 'login', SigninToken, Destination })
    expectRefusal(answer)
  })

  test('to another host works once it is named', async () => {
    const switches = { extraDestinationHosts: ['console.corp.example'] }
    await using own = await startSandbox({ world: chainWorld, switches })
    const of = keysOf(await assume(own.url, { RoleArn: arn('First') }))
    const SigninToken = await signinToken(own.url, of)
    const Destination = 'https://console.corp.example/ec2'
    const answer = await federation(own.url, { Action: 'login', SigninToken, Destination })
    expect(answer.headers['location']).toBe('/console/ec2')
  })

  test('works until fifteen minutes have passed', async () => {
    const fields = {
      Action: 'login',
      SigninToken: await signinToken(aws.url, keys),
      Destination: CONSOLE,
    }
    offset = 14 * MINUTE
    expect((await federation(aws.url, fields)).status).toBe(302)
    offset = 15 * MINUTE
    expectRefusal(await federation(aws.url, fields))
  })

  test('works again with the same token, unless switched', async () => {
    const fields = {
      Action: 'login',
      SigninToken: await signinToken(aws.url, keys),
      Destination: CONSOLE,
    }
    expect((await federation(aws.url, fields)).status).toBe(302)
    expect((await federation(aws.url, fields)).status).toBe(302)
    await using once = await startSandbox({
      world: chainWorld,
      switches: { signinTokenReuse: false },
    })
    const of = keysOf(await assume(once.url, { RoleArn: arn('First') }))
    const single = { ...fields, SigninToken: await signinToken(once.url, of) }
    expect((await federation(once.url, single)).status).toBe(302)
    expectRefusal(await federation(once.url, single))
  })

  test.each(['', 'x', 'a'.repeat(500)])('with the token "%s" is refused', async (SigninToken) => {
    expectRefusal(await federation(aws.url, { Action: 'login', SigninToken, Destination: CONSOLE }))
  })

  test('takes no session token for a sign-in token', async () => {
    const SigninToken = Buffer.from(keys.sessionToken, 'base64').toString('base64url')
    expectRefusal(await federation(aws.url, { Action: 'login', SigninToken, Destination: CONSOLE }))
  })
})
