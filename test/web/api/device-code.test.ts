import { describe, expect, test } from 'vitest'
import { identityOf } from '../../support/broker-fakes.ts'
import { pkce } from '../../support/pkce.ts'
import {
  approve,
  approvedCode,
  askWithCode,
  askWithDevice,
  bearer,
  errorIn,
  redirectUri,
  startDevice,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

describe('a device code', () => {
  test('waits for somebody’s approval, and not for impatience', async () => {
    const web = await startWeb()
    const { device_code, user_code, interval, expires_in } = await startDevice(web)
    expect([interval, expires_in]).toEqual([5, 600])
    expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
    web.pass(2)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('slow_down')
    web.pass(5)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('slow_down')
    web.pass(15)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
    await approve(web, user_code)
    web.pass(15)
    expect((await askWithDevice(web, device_code)).status).toBe(200)
  })

  test('that is asked for without end makes its address wait', async () => {
    const web = await startWeb()
    const { device_code } = await startDevice(web)
    const statuses: number[] = []
    for (let asked = 0; asked < 125; asked++) {
      statuses.push((await askWithDevice(web, device_code)).status)
    }
    expect(new Set(statuses.slice(0, 100))).toEqual(new Set([400]))
    expect(statuses.at(-1)).toBe(429)
    expect(web.trail.log).not.toContain('terminal-refused')
  })

  test('that was refused says so', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    const device = await web.codes.findDevice(user_code)
    if (device) await web.codes.deny(device)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('access_denied')
    await expect(approve(web, user_code)).rejects.toThrow('no device waits')
  })

  test('lasts ten minutes', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    web.pass(600)
    expect(await web.codes.findDevice(user_code)).toBeUndefined()
    expect(errorIn(await askWithDevice(web, device_code))).toBe('expired_token')
  })

  test('redeemed by fifty at once gives one pair', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    await approve(web, user_code)
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => askWithDevice(web, device_code)),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  test('is decided by one of two who decide at once', async () => {
    const web = await startWeb()
    const { user_code } = await startDevice(web)
    const device = await web.codes.findDevice(user_code)
    if (!device) throw new Error('no device')
    const decided = await Promise.all(
      ['bob', 'alice'].map((name) =>
        web.codes.claim(device, { identity: identityOf(name), endsAt: undefined }),
      ),
    )
    expect(decided.toSorted()).toEqual([false, true])
  })

  test('is no authorization code, nor the other way around', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    await approve(web, user_code)
    const { verifier } = pkce()
    const order = { code: device_code, redirect_uri: redirectUri, code_verifier: verifier }
    expect(errorIn(await askWithCode(web, order))).toBe('invalid_grant')
    const { code } = await approvedCode(web)
    expect(errorIn(await askWithDevice(web, code))).toBe('expired_token')
  })

  test.each([
    ['a newline', { host: 'laptop\nroot' }],
    ['a colour', { user: '\u001b[31mroot' }],
    ['a turned text', { system: '\u202Exunil' }],
    ['too much', { host: 'x'.repeat(300) }],
    ['something else', { token: 'x' }],
  ])('is not started by a terminal that names itself with %s', async (_what, terminal) => {
    const web = await startWeb()
    await expect(startDevice(web, terminal)).rejects.toThrow()
  })

  test('is started only so often from one address', async () => {
    const web = await startWeb()
    for (let starts = 0; starts < 120; starts++) await startDevice(web)
    const order = { client_id: 'postern-cli' }
    const answer = await bearer(web, 'x').post('/api/v1/device', order)
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60'])
  })
})
