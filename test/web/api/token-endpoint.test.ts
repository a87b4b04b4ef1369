import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import {
  approvedCode,
  askWithCode,
  bearer,
  errorIn,
  redirectUri,
  refresh,
  revoke,
  signedInTerminal,
  statusWith,
  token,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

describe('a revocation', () => {
  test.each(['access_token', 'refresh_token'] as const)('by %s ends the sign-in', async (which) => {
    const web = await startWeb()
    const held = await signedInTerminal(web)
    const answer = await revoke(web, held[which])
    expect([answer.status, answer.text]).toEqual([200, '{}'])
    expect(await statusWith(web, held.access_token)).toBe(401)
    expect(errorIn(await refresh(web, held.refresh_token))).toBe('invalid_grant')
    expect(web.trail.log.filter((type) => type === 'terminal-signed-out')).toHaveLength(1)
  })

  test('at once with fifty renewals leaves no token that works', async () => {
    const web = await startWeb()
    const held = await signedInTerminal(web)
    const renewals = Array.from({ length: 50 }, () => refresh(web, held.refresh_token))
    const [, ...answers] = await Promise.all([revoke(web, held.access_token), ...renewals])
    const given = answers.filter(({ status }) => status === 200).map(tokensIn)
    expect(given.length).toBeLessThan(2)
    for (const { access_token, refresh_token } of [held, ...given]) {
      expect(await statusWith(web, access_token)).toBe(401)
      expect(errorIn(await refresh(web, refresh_token))).toBe('invalid_grant')
    }
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
    expect([answer.status, errorIn(answer)]).toEqual([400, code])
  })

  test.each([
    ['code', 'x'.repeat(129)],
    ['code', `x\0`],
    ['code_verifier', 'x'.repeat(129)],
    ['code_verifier', 'x'.repeat(42)],
    ['code_verifier', `${'x'.repeat(60)}\n`],
    ['redirect_uri', `${redirectUri}${'x'.repeat(256)}`],
    ['code', ['x']],
    ['code', { $ne: null }],
  ])('takes no %s of %j', async (field, value) => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const order = { grant_type: 'authorization_code', client_id: 'postern-cli', ...redeem }
    const answer = await token(web, { ...order, [field]: value })
    expect([answer.status, errorIn(answer)]).toEqual([400, 'invalid_request'])
    expect((await askWithCode(web, redeem)).status).toBe(200)
  })

  test.each(['token', 'device', 'revoke'])('reads no more than 4 KB at %s', async (path) => {
    const web = await startWeb()
    const body = { client_id: 'postern-cli', token: 'x'.repeat(5_000) }
    const answer = await bearer(web, 'x').post(`/api/v1/${path}`, body)
    expect([answer.status, errorIn(answer)]).toEqual([413, 'invalid_request'])
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
