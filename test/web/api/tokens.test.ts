import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { errorAnswer, meAnswer } from '../../../src/contract/answers.ts'
import type { Answer } from '../../support/browser.ts'
import { pkce } from '../../support/pkce.ts'
import {
  approve,
  askWithCode,
  askWithDevice,
  bearer,
  refresh,
  revoke,
  signedInTerminal,
  startDevice,
  token,
  tokensIn,
} from '../../support/terminal-login.ts'
import { identityOf } from '../../support/broker-fakes.ts'
import { startWeb, type WebApp } from '../../support/web-app.ts'

const role = 'arn:aws:iam::111111111111:role/ReadOnly'
const redirectUri = 'http://127.0.0.1:49152/callback'

function codeIn(answer: Answer): string {
  return errorAnswer.parse(JSON.parse(answer.text)).error
}

async function statusOf(web: WebApp, accessToken: string): Promise<number> {
  return (await bearer(web, accessToken).get('/api/v1/me')).status
}

/** A code that bob has approved, bound to a verifier. */
async function approvedCode(web: WebApp) {
  const { verifier, challenge } = pkce()
  const facts = { host: 'laptop', user: undefined, system: undefined, address: '127.0.0.1' }
  const approver = { identity: identityOf('bob'), endsAt: undefined }
  const { code } = await web.codes.issueCode(approver, facts, { challenge, redirectUri })
  return { code, verifier, redeem: { code, redirect_uri: redirectUri, code_verifier: verifier } }
}

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
    expect(await statusOf(web, terminal ?? '')).toBe(401)
    const written = JSON.stringify([web.trail.events, web.logger])
    for (const secret of [access_token, refresh_token]) expect(written).not.toContain(secret)
  })

  test('lasts fifteen minutes', async () => {
    const web = await startWeb()
    const { access_token } = await signedInTerminal(web)
    web.pass(899)
    expect(await statusOf(web, access_token)).toBe(200)
    web.pass(1)
    const answer = await bearer(web, access_token).get('/api/v1/me')
    expect([answer.status, codeIn(answer)]).toEqual([401, 'invalid_token'])
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
    expect(await statusOf(web, made(refresh_token, access_token))).toBe(401)
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
  await web.codes.decide(device, { identity, endsAt: undefined })
  await askWithDevice(web, device_code)
  expect(web.trail.log).toEqual(['break-glass-used', 'terminal-signed-in'])
  expect(JSON.stringify(web.logger)).toContain('ALARM: a break-glass user signs in')
})

describe('a refresh', () => {
  test('gives another pair, and leaves what runs with the old token its fifteen minutes', async () => {
    const web = await startWeb()
    const first = await signedInTerminal(web)
    web.pass(600)
    const second = tokensIn(await refresh(web, first.refresh_token))
    expect(second.session_expires_in).toBe(43_200 - 600)
    expect(await statusOf(web, first.access_token)).toBe(200)
    expect(await statusOf(web, second.access_token)).toBe(200)
    web.pass(300)
    expect(await statusOf(web, first.access_token)).toBe(401)
    expect(await statusOf(web, second.access_token)).toBe(200)
    expect(web.trail.log).toContain('terminal-refreshed')
  })

  test('ends twelve hours after the sign-in, however often it was done', async () => {
    const web = await startWeb()
    let held = await signedInTerminal(web)
    for (let hours = 0; hours < 11; hours++) {
      web.pass(3_600)
      held = tokensIn(await refresh(web, held.refresh_token))
    }
    web.pass(3_300)
    held = tokensIn(await refresh(web, held.refresh_token))
    expect([held.expires_in, held.session_expires_in]).toEqual([300, 300])
    web.pass(300)
    expect(await statusOf(web, held.access_token)).toBe(401)
    expect(codeIn(await refresh(web, held.refresh_token))).toBe('invalid_grant')
  })

  test('with a token that was used before ends the whole sign-in, and is recorded', async () => {
    const web = await startWeb()
    const stolen = await signedInTerminal(web)
    const honest = tokensIn(await refresh(web, stolen.refresh_token))
    const answer = await refresh(web, stolen.refresh_token)
    expect([answer.status, codeIn(answer)]).toEqual([400, 'invalid_grant'])
    expect(await statusOf(web, stolen.access_token)).toBe(401)
    expect(await statusOf(web, honest.access_token)).toBe(401)
    expect(codeIn(await refresh(web, honest.refresh_token))).toBe('invalid_grant')
    expect(web.trail.events).toContainEqual(
      expect.objectContaining({ type: 'terminal-token-reused', personId: 'bob' }),
    )
    const again = await signedInTerminal(web)
    expect(await statusOf(web, again.access_token)).toBe(200)
  })

  test('is done only so often by one person, and no token is lost by that', async () => {
    const web = await startWeb()
    const { access_token, refresh_token } = await signedInTerminal(web)
    for (let uses = 0; uses < 600; uses++) await bearer(web, access_token).get('/api/v1/me')
    expect((await refresh(web, refresh_token)).status).toBe(429)
    web.pass(300)
    expect((await refresh(web, refresh_token)).status).toBe(200)
  })

  test('by fifty at once gives one pair', async () => {
    const web = await startWeb()
    const { refresh_token } = await signedInTerminal(web)
    const answers = await Promise.all(Array.from({ length: 50 }, () => refresh(web, refresh_token)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 400]))
    expect(web.trail.log.filter((type) => type === 'terminal-refreshed')).toHaveLength(1)
    expect(web.trail.log.filter((type) => type === 'terminal-token-reused')).toHaveLength(1)
  })

  test('that the trail can’t hold gives nothing', async () => {
    const web = await startWeb()
    const { refresh_token } = await signedInTerminal(web)
    web.trail.failOn.add('terminal-refreshed')
    const answer = await refresh(web, refresh_token)
    expect(answer.status).toBe(503)
    expect(answer.text).not.toContain('pna_')
  })
})

describe('an authorization code', () => {
  test('gives tokens to whoever holds the verifier', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    expect(await statusOf(web, tokensIn(await askWithCode(web, redeem)).access_token)).toBe(200)
  })

  test('that is stolen without the verifier gives nothing, to the thief or to anybody', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const thief = await askWithCode(web, { ...redeem, code_verifier: pkce().verifier })
    expect([thief.status, codeIn(thief)]).toEqual([400, 'invalid_grant'])
    expect(codeIn(await askWithCode(web, redeem))).toBe('invalid_grant')
    expect(web.trail.log).not.toContain('terminal-signed-in')
    expect(web.trail.log).toContain('terminal-refused')
  })

  test('comes back with the address that it was sent to, or not at all', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const other = { ...redeem, redirect_uri: 'http://127.0.0.1:49153/callback' }
    expect(codeIn(await askWithCode(web, other))).toBe('invalid_grant')
  })

  test('lasts a minute', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    web.pass(60)
    expect(codeIn(await askWithCode(web, redeem))).toBe('invalid_grant')
  })

  test('that comes a second time ends what the first gave', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const { access_token } = tokensIn(await askWithCode(web, redeem))
    expect(codeIn(await askWithCode(web, redeem))).toBe('invalid_grant')
    expect(await statusOf(web, access_token)).toBe(401)
    expect(web.trail.log).toContain('terminal-code-reused')
  })

  test('redeemed by fifty at once gives one pair', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const answers = await Promise.all(Array.from({ length: 50 }, () => askWithCode(web, redeem)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(web.trail.log.filter((type) => type === 'terminal-signed-in')).toHaveLength(1)
  })
})

describe('a device code', () => {
  test('waits for somebody’s approval, and not for impatience', async () => {
    const web = await startWeb()
    const { device_code, user_code, interval, expires_in } = await startDevice(web)
    expect([interval, expires_in]).toEqual([5, 600])
    expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
    web.pass(2)
    expect(codeIn(await askWithDevice(web, device_code))).toBe('slow_down')
    web.pass(5)
    expect(codeIn(await askWithDevice(web, device_code))).toBe('slow_down')
    web.pass(15)
    expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
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
    if (device) await web.codes.decide(device, 'denied')
    expect(codeIn(await askWithDevice(web, device_code))).toBe('access_denied')
    await expect(approve(web, user_code)).rejects.toThrow('no device waits')
  })

  test('lasts ten minutes', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    web.pass(600)
    expect(await web.codes.findDevice(user_code)).toBeUndefined()
    expect(codeIn(await askWithDevice(web, device_code))).toBe('expired_token')
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
        web.codes.decide(device, { identity: identityOf(name), endsAt: undefined }),
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
    expect(codeIn(await askWithCode(web, order))).toBe('invalid_grant')
    const { code } = await approvedCode(web)
    expect(codeIn(await askWithDevice(web, code))).toBe('expired_token')
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

describe('a revocation', () => {
  test.each(['access_token', 'refresh_token'] as const)('by %s ends the sign-in', async (which) => {
    const web = await startWeb()
    const held = await signedInTerminal(web)
    const answer = await revoke(web, held[which])
    expect([answer.status, answer.text]).toEqual([200, '{}'])
    expect(await statusOf(web, held.access_token)).toBe(401)
    expect(codeIn(await refresh(web, held.refresh_token))).toBe('invalid_grant')
    expect(web.trail.log.filter((type) => type === 'terminal-signed-out')).toHaveLength(1)
  })

  test('of what is none says the same', async () => {
    const web = await startWeb()
    const answer = await revoke(web, `pnr_${'a'.repeat(43)}`)
    expect([answer.status, answer.text]).toEqual([200, '{}'])
  })
})

describe('the token endpoint', () => {
  test.each([
    ['no grant type', { client_id: 'postern-cli' }, 'invalid_request'],
    ['a password', { grant_type: 'password', client_id: 'postern-cli' }, 'unsupported_grant_type'],
    [
      'another client',
      { grant_type: 'refresh_token', client_id: 'evil', refresh_token: 'x' },
      'invalid_client',
    ],
    [
      'no verifier',
      {
        grant_type: 'authorization_code',
        client_id: 'postern-cli',
        code: 'x',
        redirect_uri: redirectUri,
      },
      'invalid_request',
    ],
    [
      'a field too many',
      { grant_type: 'refresh_token', client_id: 'postern-cli', refresh_token: 'x', scope: 'all' },
      'invalid_request',
    ],
    ['a list', [], 'invalid_request'],
  ])('refuses %s', async (_what, order, code) => {
    const web = await startWeb()
    const answer = await token(web, order)
    expect([answer.status, codeIn(answer)]).toEqual([400, code])
  })

  test.each([
    [{}, 'There are authorization_code, urn:ietf:params:oauth:grant-type:device_code, refresh_tok'],
    [{ grant_type: 'password' }, 'There are authorization_code, urn:ietf:params:oauth:grant-type:'],
    [{ grant_type: 'refresh_token', client_id: 'evil' }, 'There is one: postern-cli.'],
    [
      { grant_type: 'refresh_token', refresh_token: 5 },
      'client_id (missing), refresh_token (not of the type string)',
    ],
  ])('says of %j what it takes', async (order, words) => {
    const web = await startWeb()
    expect((await token(web, order)).text).toContain(words)
  })

  test('takes no form, and nothing from a page', async () => {
    const web = await startWeb()
    const client = bearer(web, 'x')
    const form = await client.post('/api/v1/token', 'grant_type=refresh_token', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    expect(form.status).toBe(415)
    for (const path of ['token', 'device', 'revoke']) {
      const page = await client.post(`/api/v1/${path}`, {}, { origin: web.origin })
      expect(page.status).toBe(403)
    }
  })

  test('stops an address that guesses', async () => {
    const web = await startWeb()
    const guess = () => refresh(web, `pnr_${randomBytes(32).toString('base64url')}`)
    for (let guesses = 0; guesses < 60; guesses++) {
      await guess()
      await revoke(web, `pnr_${randomBytes(32).toString('base64url')}`)
    }
    expect((await guess()).status).toBe(429)
    expect((await revoke(web, 'x')).status).toBe(429)
  })
})
