import { describe, expect, test } from 'vitest'
import { pkce } from '../../support/pkce.ts'
import {
  approvedCode,
  askWithCode,
  errorIn,
  statusWith,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

describe('an authorization code', () => {
  test('gives tokens to whoever holds the verifier', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    expect(await statusWith(web, tokensIn(await askWithCode(web, redeem)).access_token)).toBe(200)
  })

  test('that is stolen without the verifier gives nothing, to the thief or to anybody', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const thief = await askWithCode(web, { ...redeem, code_verifier: pkce().verifier })
    expect([thief.status, errorIn(thief)]).toEqual([400, 'invalid_grant'])
    expect(errorIn(await askWithCode(web, redeem))).toBe('invalid_grant')
    expect(web.trail.log).not.toContain('terminal-signed-in')
    expect(web.trail.log).toContain('terminal-refused')
  })

  test('comes back with the address that it was sent to, or not at all', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const other = { ...redeem, redirect_uri: 'http://127.0.0.1:49153/callback' }
    expect(errorIn(await askWithCode(web, other))).toBe('invalid_grant')
  })

  test('lasts a minute', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    web.pass(60)
    expect(errorIn(await askWithCode(web, redeem))).toBe('invalid_grant')
  })

  test('gives nothing to another verifier, time and again, and ends nothing by that', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const { access_token } = tokensIn(await askWithCode(web, redeem))
    const thief = { ...redeem, code_verifier: pkce().verifier }
    for (let tries = 0; tries < 3; tries++) {
      expect(errorIn(await askWithCode(web, thief))).toBe('invalid_grant')
    }
    expect(await statusWith(web, access_token)).toBe(200)
  })

  test('is no use to a verifier that is its own challenge', async () => {
    const web = await startWeb()
    const { redeem, challenge } = await approvedCode(web)
    const plain = { ...redeem, code_verifier: challenge }
    expect(errorIn(await askWithCode(web, plain))).toBe('invalid_grant')
  })

  test('of somebody who may not stay any longer gives nothing', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web, { endsAt: web.now + 30_000 })
    web.pass(30)
    expect(errorIn(await askWithCode(web, redeem))).toBe('invalid_grant')
    expect(web.trail.log).not.toContain('terminal-signed-in')
  })

  test('of somebody who must go soon ends with them', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web, { endsAt: web.now + 300_000 })
    const { access_token, expires_in, session_expires_in } = tokensIn(
      await askWithCode(web, redeem),
    )
    expect([expires_in, session_expires_in]).toEqual([300, 300])
    web.pass(300)
    expect(await statusWith(web, access_token)).toBe(401)
  })

  test('that comes a second time ends what the first gave', async () => {
    const web = await startWeb()
    const { redeem } = await approvedCode(web)
    const { access_token } = tokensIn(await askWithCode(web, redeem))
    expect(errorIn(await askWithCode(web, redeem))).toBe('invalid_grant')
    expect(await statusWith(web, access_token)).toBe(401)
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
