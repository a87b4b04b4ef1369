import { describe, expect, test } from 'vitest'
import {
  bearer,
  errorIn,
  refresh,
  signedInTerminal,
  statusWith,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

describe('a refresh', () => {
  test('gives another pair, and leaves what runs with the old token its fifteen minutes', async () => {
    const web = await startWeb()
    const first = await signedInTerminal(web)
    web.pass(600)
    const second = tokensIn(await refresh(web, first.refresh_token))
    expect(second.session_expires_in).toBe(43_200 - 600)
    expect(await statusWith(web, first.access_token)).toBe(200)
    expect(await statusWith(web, second.access_token)).toBe(200)
    web.pass(300)
    expect(await statusWith(web, first.access_token)).toBe(401)
    expect(await statusWith(web, second.access_token)).toBe(200)
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
    expect(await statusWith(web, held.access_token)).toBe(401)
    expect(errorIn(await refresh(web, held.refresh_token))).toBe('invalid_grant')
  })

  test('with a token that was used before ends the whole sign-in, and is recorded', async () => {
    const web = await startWeb()
    const stolen = await signedInTerminal(web)
    const honest = tokensIn(await refresh(web, stolen.refresh_token))
    const answer = await refresh(web, stolen.refresh_token)
    expect([answer.status, errorIn(answer)]).toEqual([400, 'invalid_grant'])
    expect(await statusWith(web, stolen.access_token)).toBe(401)
    expect(await statusWith(web, honest.access_token)).toBe(401)
    expect(errorIn(await refresh(web, honest.refresh_token))).toBe('invalid_grant')
    expect(web.trail.events).toContainEqual(
      expect.objectContaining({ type: 'terminal-token-reused', personId: 'bob' }),
    )
    const again = await signedInTerminal(web)
    expect(await statusWith(web, again.access_token)).toBe(200)
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
    expect(answer.text).not.toMatch(/pn[ar]_/)
  })

  test('that the trail can’t hold makes no thief of whoever tries again', async () => {
    const web = await startWeb()
    const { access_token, refresh_token } = await signedInTerminal(web)
    web.trail.failOn.add('terminal-refreshed')
    for (let tries = 0; tries < 3; tries++) {
      expect((await refresh(web, refresh_token)).status).toBe(503)
    }
    web.trail.failOn.clear()
    const renewed = tokensIn(await refresh(web, refresh_token))
    expect(await statusWith(web, renewed.access_token)).toBe(200)
    expect(await statusWith(web, access_token)).toBe(200)
    expect(web.trail.log).toEqual(['terminal-signed-in', 'terminal-refreshed'])
    expect(errorIn(await refresh(web, refresh_token))).toBe('invalid_grant')
    expect(web.trail.log).toContain('terminal-token-reused')
  })

  test('is had for no access token, and by none of another person', async () => {
    const web = await startWeb()
    const { access_token } = await signedInTerminal(web)
    const alices = await signedInTerminal(web, { name: 'alice' })
    expect(errorIn(await refresh(web, access_token))).toBe('invalid_grant')
    expect(await statusWith(web, access_token)).toBe(200)
    const { access_token: renewed } = tokensIn(await refresh(web, alices.refresh_token))
    expect((await bearer(web, renewed).get('/api/v1/me')).text).toContain('"name":"alice"')
  })
})
