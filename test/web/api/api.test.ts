import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { required } from 'zod/mini'
import {
  errorAnswer,
  meAnswer,
  rolesAnswer,
  roleSessionAnswer,
} from '../../../src/contract/answers.ts'
import type { RoleSessionOrder } from '../../../src/contract/orders.ts'
import { SignInTooOld } from '../../../src/errors.ts'
import { ApiClient } from '../../support/api-client.ts'
import { startWeb, type WebApp } from '../../support/web-app.ts'
import { wordWay } from '../../support/word-way.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'
const roleSessions = '/api/v1/role-sessions'

async function startApi() {
  const web = await startWeb({
    dependencies: () => ({
      apiWays: [wordWay('x-ticket', 'Negotiate'), wordWay('x-paper', undefined)],
    }),
  })
  return { web, bob: new ApiClient(web.origin, { 'x-ticket': 'bob' }) }
}

function failureIn(text: string) {
  return required(errorAnswer, { request_id: true }).parse(JSON.parse(text))
}

function asked(web: WebApp): number {
  return web.issuer.orders.length
}

test('says who one is, what one may have, and gives it', async () => {
  const { web, bob } = await startApi()
  const me = await bob.get('/api/v1/me')
  expect(meAnswer.parse(JSON.parse(me.text))).toMatchObject({
    name: 'bob',
    people: 'staff',
    by: 'ticket',
    method: { id: 'local', label: 'Local account' },
    groups: ['readers'],
  })
  const { roles } = rolesAnswer.parse(JSON.parse((await bob.get('/api/v1/roles')).text))
  expect(roles[0]).toMatchObject({
    arn: role,
    account: { id: '111111111111', name: 'Production' },
    durations: { credentials: { seconds: 3600 }, console: { seconds: 43_200 } },
  })
  const issued = await bob.post(roleSessions, { role, duration: 900, console: true })
  expect(issued.status).toBe(201)
  const answer = roleSessionAnswer.parse(JSON.parse(issued.text))
  expect(answer).toMatchObject({
    role,
    credentials: { accessKeyId: 'ASIAIOSFODNN7EXAMPLE', expiration: '2026-11-20T10:00:00.000Z' },
    durations: { credentials: { seconds: 900 } },
  })
  expect(answer.consoleUrl).toContain('SigninToken')
  expect(web.trail.events[0]).toMatchObject({ personId: 'bob', by: 'ticket' })
  for (const { headers } of [me, issued]) {
    expect(headers['cache-control']).toBe('no-store')
    expect(headers['set-cookie']).toBeUndefined()
    expect(headers['access-control-allow-origin']).toBeUndefined()
  }
})

test('says where the credentials are good, where that is not AWS’s own STS', async () => {
  const sts = 'https://sts.vpce.example/'
  const web = await startWeb({
    settings: { stsEndpoint: sts },
    dependencies: () => ({ apiWays: [wordWay('x-ticket', 'Negotiate')] }),
  })
  const bob = new ApiClient(web.origin, { 'x-ticket': 'bob' })
  const answer = roleSessionAnswer.parse(JSON.parse((await bob.post(roleSessions, { role })).text))
  expect(answer.endpoints).toEqual({ sts })
})

test('gives no sign-in URL where none is asked for', async () => {
  const { bob } = await startApi()
  const answer = roleSessionAnswer.parse(JSON.parse((await bob.post(roleSessions, { role })).text))
  expect(answer.consoleUrl).toBeUndefined()
})

test('gives the credentials with the reason where only the console failed', async () => {
  const { web, bob } = await startApi()
  web.console.failure = new SignInTooOld('x')
  const answer = await bob.post(roleSessions, { role, console: true })
  expect(answer.status).toBe(201)
  expect(roleSessionAnswer.parse(JSON.parse(answer.text)).consoleError).toMatch(/five minutes/)
})

describe('whoever proves nothing', () => {
  test('learns each way that there is, a line for each', async () => {
    const { web } = await startApi()
    const answer = await new ApiClient(web.origin).get('/api/v1/me')
    expect([answer.status, answer.headers['www-authenticate']]).toEqual([401, 'Negotiate'])
    expect(failureIn(answer.text).error).toBe('login_required')
  })

  test('gets nothing for the cookies of a browser that is signed in', async () => {
    const { web } = await startApi()
    const browser = await web.signedIn()
    expect((await browser.get('/')).status).toBe(200)
    expect((await browser.get('/api/v1/me')).status).toBe(401)
  })

  test('gets nothing for two proofs at once, nor for one of them given twice', async () => {
    const { bob } = await startApi()
    expect((await bob.get('/api/v1/me', { 'x-paper': 'alice' })).status).toBe(400)
    const twice = await bob.get('/api/v1/me', { authorization: ['Basic YQ==', 'Basic Yg=='] })
    expect(twice.status).toBe(400)
  })

  test('is stopped after too many tries, and told how long', async () => {
    const { web } = await startApi()
    const nobody = new ApiClient(web.origin, { 'x-ticket': 'nobody' })
    for (let tries = 0; tries < 120; tries++) await nobody.get('/api/v1/me')
    const answer = await nobody.get('/api/v1/me')
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60'])
    web.pass(60)
    expect((await nobody.get('/api/v1/me')).status).toBe(401)
  })
})

test('takes only so many requests of one person, and of the next one still', async () => {
  const { web, bob } = await startApi()
  for (let tries = 0; tries < 600; tries++) await bob.get('/api/v1/me')
  const answer = await bob.post(roleSessions, { role })
  expect([answer.status, answer.headers['retry-after']]).toEqual([429, '30'])
  expect(asked(web)).toBe(0)
  const alice = new ApiClient(web.origin, { 'x-ticket': 'alice' })
  expect((await alice.get('/api/v1/me')).status).toBe(200)
})

describe('a page', () => {
  test.each([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['in a frame', { 'sec-fetch-site': 'cross-site' }],
    ['of a sibling', { 'sec-fetch-site': 'same-site' }],
    ['of Postern itself', { 'sec-fetch-site': 'same-origin' }],
    ['of an old browser', { origin: 'null' }],
    ['with two minds', { 'sec-fetch-site': ['none', 'cross-site'] }],
  ])('%s is refused, whatever ticket its browser adds', async (_what, headers) => {
    const { web, bob } = await startApi()
    for (const answer of [
      await bob.get('/api/v1/me', headers),
      await bob.post(roleSessions, { role }, headers),
    ]) {
      expect(answer.status).toBe(403)
      expect(failureIn(answer.text).error).toBe('cross_site_request')
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    expect(asked(web)).toBe(0)
  })

  test('gets no leave by asking for it first', async () => {
    const { web } = await startApi()
    const preflight = await web.browser().send('OPTIONS', roleSessions, {
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    })
    expect(preflight.status).toBe(405)
    expect(preflight.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('a body', () => {
  test.each([
    ['a form', `role=${role}`, 'application/x-www-form-urlencoded'],
    ['text', JSON.stringify({ role }), 'text/plain'],
    ['JSON by another name', JSON.stringify({ role }), 'application/json+x'],
    ['another charset', JSON.stringify({ role }), 'application/json; charset=utf-16'],
    ['something beside it', JSON.stringify({ role }), 'application/json; text/plain'],
  ])('of %s is 415', async (_what, body, type) => {
    const { web, bob } = await startApi()
    const answer = await bob.post(roleSessions, body, { 'content-type': type })
    expect([answer.status, asked(web)]).toEqual([415, 0])
  })

  test('that is compressed is 415', async () => {
    const { bob } = await startApi()
    const answer = await bob.post(roleSessions, gzipSync(JSON.stringify({ role })), {
      'content-encoding': 'gzip',
    })
    expect(answer.status).toBe(415)
  })

  test.each([
    ['nothing', '', 'not JSON'],
    ['no object', '[]', 'the body'],
    ['half an object', '{"role":', 'not JSON'],
    ['a field twice', `{"role":"${role}","role":"${role}"}`, '"role" came more than once'],
    ['a field twice, once escaped', `{"role":"${role}","r\\u006fle":"x"}`, 'came more than once'],
    ['a NUL', '{"role":"a\\u0000"}', 'NUL'],
    ['deep nesting', `${'['.repeat(20)}${']'.repeat(20)}`, 'nested too deeply'],
    ['a field that nothing has', { role, duraton: 900 }, 'duraton (not a field of this request)'],
    ['a prototype', `{"role":"${role}","__proto__":{"console":true}}`, '__proto__'],
    ['a long name', { role, ['x'.repeat(9_000)]: 1 }, `${'x'.repeat(64)} (not a field`],
    ['a name over two lines', { role, 'a\nb': 1 }, 'ab (not a field'],
    ['a text for a number', { role, duration: '900' }, 'duration (whole seconds)'],
    ['a fraction', { role, duration: 900.5 }, 'duration'],
    ['a negative number', { role, duration: -1 }, 'duration'],
    ['a text for true', { role, console: 'true' }, 'console (true or false)'],
    ['a list', { role: [role] }, 'role (a role ARN)'],
    ['null', { role: null }, 'role (a role ARN)'],
    ['two faults, both told', { duration: '900' }, 'role (a role ARN), duration (whole seconds)'],
    ['no region', { role, region: 'eu-west-1;drop' }, 'not an AWS region'],
  ])('with %s is 400 and says which', async (_what, body, words) => {
    const { web, bob } = await startApi()
    const answer = await bob.post(roleSessions, body)
    expect([answer.status, asked(web)]).toEqual([400, 0])
    expect(failureIn(answer.text).error_description).toContain(words)
  })

  test('that is no UTF-8 is 400', async () => {
    const { bob } = await startApi()
    const answer = await bob.post(roleSessions, Buffer.from('{"role":"\xff"}', 'latin1'))
    expect(answer.status).toBe(400)
  })

  test('that is too large is 413 before it is read, declared or not', async () => {
    const { web, bob } = await startApi()
    const large = JSON.stringify({ role, destination: 'x'.repeat(20_000) })
    expect((await bob.post(roleSessions, large)).status).toBe(413)
    const chunked = await bob.post(roleSessions, large, {
      'transfer-encoding': 'chunked',
      'content-length': [],
    })
    expect([chunked.status, asked(web)]).toEqual([413, 0])
  })
})

test.each<[string, RoleSessionOrder, number, string]>([
  ['was not granted', { role: `${role}X` }, 403, 'access_denied'],
  ['is no ARN', { role: 'ReadOnly' }, 403, 'access_denied'],
  ['lasts too long', { role, duration: 90_000 }, 400, 'invalid_duration'],
])('refuses a role that %s', async (_what, order, status, code) => {
  const { web, bob } = await startApi()
  const answer = await bob.post(roleSessions, order)
  expect([answer.status, failureIn(answer.text).error, asked(web)]).toEqual([status, code, 0])
  expect(web.trail.log).toEqual(['role-session-refused'])
})

test('says where a role is to be had that AWS gives only from a sign-in page', async () => {
  const { web, bob } = await startApi()
  web.issuer.answer = new SignInTooOld('corp')
  const answer = await bob.post(roleSessions, { role })
  expect([answer.status, failureIn(answer.text).error]).toEqual([403, 'access_denied'])
  expect(answer.headers['www-authenticate']).toBeUndefined()
})

test('gives nothing where the trail can’t be written', async () => {
  const { web, bob } = await startApi()
  web.trail.failOn.add('role-session-issued')
  const answer = await bob.post(roleSessions, { role })
  expect([answer.status, answer.headers['retry-after']]).toEqual([503, '30'])
  expect(answer.text).not.toContain('ASIA')
})

test('answers in JSON what is not there, and what takes another method', async () => {
  const { bob } = await startApi()
  const missing = await bob.get('/api/v2/me')
  expect([missing.status, failureIn(missing.text).error]).toEqual([404, 'not_found'])
  const wrong = await bob.get(roleSessions)
  expect([wrong.status, wrong.headers['allow']]).toEqual([405, 'POST'])
  expect((await bob.get('/api/v1/me/')).status).toBe(404)
  expect((await bob.get('/API/v1/me')).status).not.toBe(200)
})
