import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import {
  chainWorld,
  expectRefusal,
  federation,
  FORM_TYPE,
  sessionJson,
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

describe('getSigninToken', () => {
  test.each(['GET', 'POST'])('answers %s', async (method) => {
    const fields = form({ Action: 'getSigninToken', Session: sessionJson(keys) })
    const asked =
      method === 'GET'
        ? { path: `/federation?${fields}` }
        : { path: '/federation', headers: FORM_TYPE, body: fields }
    const answer = await raw(aws.url, { method, ...asked })
    expect(answer.status).toBe(200)
    expect(Object.keys(JSON.parse(answer.body) as object)).toEqual(['SigninToken'])
  })

  test('ignores parameters that it does not know', async () => {
    await signinToken(aws.url, keys, {
      SessionType: 'json',
      DurationSeconds: '1',
      sessionDuration: '1',
    })
  })

  test.each<[string, (right: Keys) => string]>([
    ['nothing', () => ''],
    ['no JSON', () => '{'],
    ['no object', () => '[]'],
    ['null', () => 'null'],
    ['numbers', () => '{"sessionId":1,"sessionKey":2,"sessionToken":3}'],
    ['names of another case', (right) => sessionJson(right).replace('sessionId', 'SessionId')],
    ['another key', (right) => sessionJson({ ...right, accessKeyId: 'ASIAAAAAAAAAAAAAAAAA' })],
    ['another secret', (right) => sessionJson({ ...right, secretAccessKey: 'x'.repeat(40) })],
    ['another token', (right) => sessionJson({ ...right, sessionToken: 'x'.repeat(400) })],
    ['no token', (right) => sessionJson({ ...right, sessionToken: '' })],
    [
      'a token with a space',
      (right) => sessionJson({ ...right, sessionToken: `${right.sessionToken ?? ''} ` }),
    ],
  ])('refuses a Session of %s', async (_, change) => {
    expectRefusal(await federation(aws.url, { Action: 'getSigninToken', Session: change(keys) }))
  })

  test('refuses long-term keys, which have no token', async () => {
    const text = sessionJson({
      accessKeyId: 'AKIAPOSTERNDEMO00001',
      secretAccessKey: 'x',
      sessionToken: '',
    })
    expectRefusal(await federation(aws.url, { Action: 'getSigninToken', Session: text }))
  })

  test('refuses a form that is sent as something else, and parameters of another case', async () => {
    const body = form({ Action: 'getSigninToken', Session: sessionJson(keys) })
    const headers = { 'content-type': 'text/plain' }
    expectRefusal(await raw(aws.url, { path: '/federation', headers, body }))
    expectRefusal(
      await federation(aws.url, { action: 'getSigninToken', Session: sessionJson(keys) }),
    )
    expectRefusal(
      await federation(aws.url, { Action: 'GetSigninToken', Session: sessionJson(keys) }),
    )
    expectRefusal(
      await federation(aws.url, { Action: 'getSigninToken', session: sessionJson(keys) }),
    )
  })

  test('refuses a parameter that stands twice', async () => {
    const body = form({ Action: 'getSigninToken', Session: sessionJson(keys) })
    const path = '/federation?SessionDuration=900'
    expect((await raw(aws.url, { path, headers: FORM_TYPE, body })).status).toBe(200)
    expectRefusal(
      await raw(aws.url, { path, headers: FORM_TYPE, body: `${body}&SessionDuration=43200` }),
    )
  })

  test.each(['PUT', 'HEAD', 'DELETE'])('refuses %s', async (method) => {
    const path = `/federation?${form({ Action: 'getSigninToken', Session: sessionJson(keys) })}`
    expect((await raw(aws.url, { method, path })).status).toBe(400)
  })

  test('refuses credentials that have expired', async () => {
    offset = 61 * MINUTE
    expectRefusal(
      await federation(aws.url, { Action: 'getSigninToken', Session: sessionJson(keys) }),
    )
  })

  test('can answer with the older error page', async () => {
    await using older = await startSandbox({
      world: chainWorld,
      switches: { federationErrorPage: 'plain' },
    })
    const answer = await federation(older.url, { Action: 'getSigninToken' })
    expectRefusal(answer)
    expect(answer.body).toContain('Invalid credentials parameter')
  })
})
