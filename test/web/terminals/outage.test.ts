import { describe, expect, test } from 'vitest'
import { StateUnavailable } from '../../../src/errors.ts'
import { createTerminals } from '../../../src/identity/terminals/terminals.ts'
import { createTerminalCodes } from '../../../src/identity/terminals/terminal-codes.ts'
import { createBearerWay } from '../../../src/web/api/bearer-way.ts'
import { createTerminalRecord } from '../../../src/web/terminals/terminal-record.ts'
import { ApiClient } from '../../support/api-client.ts'
import { tokenIn } from '../../support/browser.ts'
import {
  approve,
  askWithDevice,
  authorization,
  bearer,
  refresh,
  revoke,
  signedInTerminal,
  startDevice,
} from '../../support/terminal-login.ts'
import { startWeb, type WebOptions } from '../../support/web-app.ts'

const life = { tokenSeconds: 900, absoluteSeconds: 43_200 }
const role = 'arn:aws:iam::111111111111:role/ReadOnly'

/** A database that serves until all of it is switched off, or all but the browser sessions. */
function switchable() {
  const power = { on: true, sessions: true }
  const failing = <Store extends object>(store: Store, isOn = () => power.on): Store =>
    new Proxy(store, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name)
        if (isOn() || typeof found !== 'function') return found
        return () =>
          Promise.reject(new StateUnavailable('Postern’s database is full.', { detail: '/var' }))
      },
    })
  const options: WebOptions = {
    dependencies: (built, web) => {
      const parts = { life, effects: web.effects }
      const terminals = createTerminals({ store: failing(web.state.terminals), ...parts })
      const record = createTerminalRecord({ audit: web.trail, logger: web.logger })
      return {
        attempts: failing(built.attempts),
        browserSessions: failing(built.browserSessions, () => power.sessions),
        terminals,
        terminalCodes: createTerminalCodes({ store: failing(web.state.terminalCodes), ...parts }),
        apiWays: [createBearerWay(terminals, record)],
      }
    },
  }
  return { power, options }
}

describe('without the database', () => {
  test('nobody is let in, nothing is given, and every answer says 503', async () => {
    const { power, options } = switchable()
    const web = await startWeb(options)
    const held = await signedInTerminal(web)
    const waiting = await startDevice(web)
    await approve(web, waiting.user_code)
    const browser = await web.signedIn()
    power.on = power.sessions = false
    const recorded = web.trail.log.length
    const client = bearer(web, held.access_token)
    const answers = [
      await client.get('/api/v1/me'),
      await client.post('/api/v1/role-sessions', { role }),
      await refresh(web, held.refresh_token),
      await askWithDevice(web, waiting.device_code),
      await revoke(web, held.access_token),
      await new ApiClient(web.origin).post('/api/v1/device', { client_id: 'postern-cli' }),
      await browser.get('/terminals'),
      await browser.get(`/device?user_code=${waiting.user_code}`),
    ]
    for (const answer of answers) {
      expect([answer.status, answer.headers['retry-after']]).toEqual([503, '30'])
      expect(answer.text).not.toMatch(/pn[ar]_|ASIA|\/var/)
    }
    expect(web.trail.log).toHaveLength(recorded)
    expect(web.issuer.orders).toEqual([])

    power.on = power.sessions = true
    expect((await refresh(web, held.refresh_token)).status).toBe(200)
    expect((await askWithDevice(web, waiting.device_code)).status).toBe(200)
  })

  test('nothing is approved, refused or ended, and nothing of it is recorded', async () => {
    const { power, options } = switchable()
    const web = await startWeb(options)
    const held = await signedInTerminal(web)
    const { device_code, user_code } = await startDevice(web)
    const browser = await web.signedIn()
    const { fields, path } = authorization()
    const _csrf = tokenIn((await browser.get(path)).text)
    const [terminal = ''] = web.trail.events.flatMap((event) => event.terminal ?? [])
    power.on = false
    const recorded = web.trail.log.length
    const answers = [
      await browser.post('/device', { _csrf, user_code }),
      await browser.post('/device', { _csrf, user_code, decision: 'approve' }),
      await browser.post('/device', { _csrf, user_code, decision: 'deny' }),
      await browser.post('/authorize', { ...fields, _csrf, decision: 'approve' }),
      await browser.get('/terminals'),
      await browser.post('/terminals', { _csrf, terminal }),
    ]
    for (const answer of answers) {
      expect([answer.status, answer.location]).toEqual([503, undefined])
      expect(answer.text).not.toContain('/var')
    }
    expect(web.trail.log).toHaveLength(recorded)

    power.on = true
    expect((await askWithDevice(web, device_code)).text).toContain('authorization_pending')
    expect((await refresh(web, held.refresh_token)).status).toBe(200)
  })
})
