import { GetSessionTokenCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import {
  chainWorld,
  CONSOLE,
  expectRefusal,
  federation,
  sessionJson,
  signinToken,
  type Fields,
} from './federation-client.ts'
import { raw } from './raw-http.ts'
import { assume, keysOf, stsClient, type Keys } from './sdk.ts'
import { arn } from './test-world.ts'

let aws: Sandbox
let keys: Required<Keys>
let chained: Required<Keys>
beforeAll(async () => {
  aws = await startSandbox({ world: chainWorld })
  keys = keysOf(await assume(aws.url, { RoleArn: arn('First') }))
  chained = keysOf(await assume(aws.url, { RoleArn: arn('Second') }, keys))
})
afterAll(() => aws.close())

async function consoleEnd(fields: Fields, of: Keys): Promise<number> {
  const SigninToken = await signinToken(aws.url, of, fields)
  const login = await federation(aws.url, { Action: 'login', SigninToken, Destination: CONSOLE })
  const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
  const page = await raw(aws.url, { method: 'GET', path: '/console/home', headers: { cookie } })
  const end = /datetime="([^"]+)"/.exec(page.body)?.[1] ?? ''
  return (Date.parse(end) - Date.now()) / 1000
}

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
        await federation(aws.url, {
          Action: 'getSigninToken',
          Session: sessionJson(keys),
          SessionDuration: text,
        }),
      )
    },
  )

  test('must be absent after role chaining', async () => {
    const fields = { Action: 'getSigninToken', Session: sessionJson(chained) }
    expectRefusal(await federation(aws.url, { ...fields, SessionDuration: '900' }))
    expect(await consoleEnd({}, chained)).toBeLessThanOrEqual(3600)
  })

  test('is fine with the credentials of an instance profile, and what they assumed', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = aws.instanceProfileCredentials(
      arn('First'),
    )
    const own = { accessKeyId, secretAccessKey, sessionToken }
    await signinToken(aws.url, own, { SessionDuration: '43200' })
    const next = keysOf(await assume(aws.url, { RoleArn: arn('Second') }, own))
    await signinToken(aws.url, next, { SessionDuration: '43200' })
  })

  test('can be made picky about odd values', async () => {
    const options = { world: chainWorld, switches: { refuseOddSessionDuration: true } }
    await using picky = await startSandbox(options)
    const of = keysOf(await assume(picky.url, { RoleArn: arn('First') }))
    await signinToken(picky.url, of, { SessionDuration: '900' })
    await signinToken(picky.url, of, { SessionDuration: '7200' })
    const odd = { Action: 'getSigninToken', Session: sessionJson(of), SessionDuration: '7273' }
    expectRefusal(await federation(picky.url, odd))
  })
})

test('credentials from GetSessionToken cannot sign in, unless switched', async () => {
  const get = async (url: string): Promise<Required<Keys>> => {
    const answer = await stsClient(url).send(new GetSessionTokenCommand({}))
    return keysOf({ ...answer, $metadata: {} })
  }
  expectRefusal(
    await federation(aws.url, {
      Action: 'getSigninToken',
      Session: sessionJson(await get(aws.url)),
    }),
  )
  await using lax = await startSandbox({
    world: chainWorld,
    switches: { sessionTokenSignIn: true },
  })
  await signinToken(lax.url, await get(lax.url))
})
