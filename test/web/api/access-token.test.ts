import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { meAnswer } from '../../../src/contract/answers.ts'
import { identityOf } from '../../support/broker-fakes.ts'
import {
  approveAs,
  askWithDevice,
  bearer,
  errorIn,
  signedInTerminal,
  startDevice,
  statusWith,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'

describe('a token', () => {
  test('opens the API for whoever approved it, and says when the sign-in ends', async () => {
    const web = await startWeb()
    const { access_token, expires_in, session_expires_in } = await signedInTerminal(web)
    expect([expires_in, session_expires_in]).toEqual([900, 43_200])
    const answer = await bearer(web, access_token).get('/api/v1/me')
    expect(meAnswer.parse(JSON.parse(answer.text))).toMatchObject({
      name: 'bob',
      by: 'token',
      tokenEndsAt: '2026-11-20T21:00:00.000Z',
    })
  })

  test('is named in the trail with each role session, by an ID that opens nothing', async () => {
    const web = await startWeb()
    const { access_token, refresh_token } = await signedInTerminal(web, {
      terminal: { host: 'laptop', user: 'bob', system: 'linux' },
    })
    const issued = await bearer(web, access_token).post('/api/v1/role-sessions', { role })
    expect(issued.status).toBe(201)
    const [begun, requested, given] = web.trail.events
    expect(begun).toMatchObject({
      type: 'terminal-signed-in',
      personId: 'bob',
      detail: 'bob@laptop, linux, from 127.0.0.1',
    })
    const { terminal } = begun ?? {}
    expect(terminal).toMatch(/^[\w-]{22}$/)
    expect(requested).toMatchObject({ type: 'role-session-requested', by: 'token', terminal })
    expect(given).toMatchObject({ type: 'role-session-issued', by: 'token', terminal })
    expect(await statusWith(web, terminal ?? '')).toBe(401)
    const written = JSON.stringify([web.trail.events, web.logger])
    for (const secret of [access_token, refresh_token]) expect(written).not.toContain(secret)
  })

  test('lasts fifteen minutes', async () => {
    const web = await startWeb()
    const { access_token } = await signedInTerminal(web)
    web.pass(899)
    expect(await statusWith(web, access_token)).toBe(200)
    web.pass(1)
    const answer = await bearer(web, access_token).get('/api/v1/me')
    expect([answer.status, errorIn(answer)]).toEqual([401, 'invalid_token'])
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Postern", error="invalid_token"')
  })

  test.each([
    ['made up', () => `pna_${randomBytes(32).toString('base64url')}`],
    ['a refresh token', (refreshToken: string) => refreshToken],
    ['cut short', (_refresh: string, access: string) => access.slice(0, -1)],
    ['empty', () => ''],
    ['two', (_refresh: string, access: string) => `${access} ${access}`],
    ['huge', () => 'a'.repeat(8_000)],
  ])('that is %s opens nothing', async (_what, made) => {
    const web = await startWeb()
    const { access_token, refresh_token } = await signedInTerminal(web)
    expect(await statusWith(web, made(refresh_token, access_token))).toBe(401)
  })

  test('is taken from the header alone', async () => {
    const web = await startWeb()
    const { access_token } = await signedInTerminal(web)
    const answer = await bearer(web, 'x').get(`/api/v1/me?access_token=${access_token}`)
    expect(answer.status).toBe(401)
  })

  test('is nowhere in the database', async () => {
    const web = await startWeb()
    const given = await signedInTerminal(web)
    const stored = await web.state.terminals.ofPerson('staff/bob', web.now, 9)
    expect(stored).toHaveLength(1)
    expect(JSON.stringify(stored)).not.toContain(given.access_token)
    expect(await web.state.terminals.findByAccess(given.access_token, web.now)).toBeUndefined()
  })
})

test('a break-glass user raises the alarm on the command line too', async () => {
  const web = await startWeb()
  const { device_code, user_code } = await startDevice(web)
  const device = await web.codes.findDevice(user_code)
  if (!device) throw new Error('no device')
  const identity = { ...identityOf('bob'), breakGlass: true }
  await approveAs(web, device, identity)
  await askWithDevice(web, device_code)
  expect(web.trail.log).toEqual(['break-glass-used', 'terminal-signed-in'])
  expect(JSON.stringify(web.logger)).toContain('ALARM: a break-glass user signs in')
})
