import { describe, expect, test } from 'vitest'
import { StateUnavailable } from '../../../src/errors.ts'
import { type Browser, tokenIn } from '../../support/browser.ts'
import {
  askWithDevice,
  bearer,
  decideDevice,
  errorIn,
  startDevice,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb, type WebApp } from '../../support/web-app.ts'

/** Does something before each event of a type is in the trail. */
function beforeRecorded(web: WebApp, type: string, then: () => Promise<void>): void {
  const record = web.trail.record.bind(web.trail)
  web.trail.record = async (event) => {
    if (event.type === type) await then()
    await record(event)
  }
}

async function waiting(web: WebApp) {
  const { device_code, user_code } = await startDevice(web)
  return { device_code, user_code, browser: await web.signedIn() }
}

test('a code serves once, and one of two people', async () => {
  const web = await startWeb()
  const { device_code, user_code, browser: bob } = await waiting(web)
  const alice = await web.signedIn('alice')
  const token = tokenIn((await alice.get(`/device?user_code=${user_code}`)).text)
  expect((await decideDevice(bob, user_code, 'approve')).status).toBe(200)
  for (const decision of ['approve', 'deny']) {
    const late = await alice.post('/device', { _csrf: token, user_code, decision })
    expect(late.status).toBe(400)
    expect(late.text).toContain('No command line waits')
  }
  const { access_token } = tokensIn(await askWithDevice(web, device_code))
  expect((await bearer(web, access_token).get('/api/v1/me')).text).toContain('"name":"bob"')
})

test('of fifty decisions at once, by two people, the trail tells of the one that counts', async () => {
  const web = await startWeb()
  const { device_code, user_code, browser: bob } = await waiting(web)
  const alice = await web.signedIn('alice')
  const path = `/device?user_code=${user_code}`
  const tokens = new Map<Browser, string>()
  for (const browser of [bob, alice]) tokens.set(browser, tokenIn((await browser.get(path)).text))
  const decisions = [bob, alice].flatMap((browser) =>
    Array.from({ length: 25 }, (_, at) => ({ browser, decision: at % 5 ? 'approve' : 'deny' })),
  )
  const answers = await Promise.all(
    decisions.map(({ browser, decision }) =>
      browser.post('/device', { _csrf: tokens.get(browser) ?? '', user_code, decision }),
    ),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  const decided = web.trail.events.filter(({ type }) =>
    ['terminal-approved', 'terminal-denied'].includes(type),
  )
  expect(decided).toHaveLength(1)
  const asked = await askWithDevice(web, device_code)
  if (decided[0]?.type === 'terminal-denied') expect(errorIn(asked)).toBe('access_denied')
  else {
    const me = await bearer(web, tokensIn(asked).access_token).get('/api/v1/me')
    expect(me.text).toContain(`"name":"${decided[0]?.name ?? '?'}"`)
  }
})

describe('an approval', () => {
  test('lets nothing in before it is recorded', async () => {
    const web = await startWeb()
    const { device_code, user_code, browser } = await waiting(web)
    const early: string[] = []
    beforeRecorded(web, 'terminal-approved', async () => {
      early.push(errorIn(await askWithDevice(web, device_code)))
    })
    expect((await decideDevice(browser, user_code, 'approve')).status).toBe(200)
    expect(early).toEqual(['authorization_pending'])
    web.pass(10)
    expect((await askWithDevice(web, device_code)).status).toBe(200)
    expect(web.trail.log).toEqual(['signed-in', 'terminal-approved', 'terminal-signed-in'])
  })

  test('that can’t be recorded approves nothing, and can be made again', async () => {
    const web = await startWeb()
    const { device_code, user_code, browser } = await waiting(web)
    web.trail.failOn.add('terminal-approved')
    expect((await decideDevice(browser, user_code, 'approve')).status).toBe(503)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
    web.trail.failOn.clear()
    expect((await decideDevice(browser, user_code, 'approve')).status).toBe(200)
    web.pass(10)
    expect((await askWithDevice(web, device_code)).status).toBe(200)
  })

  test('that can’t be kept approves nothing, and the trail says that it failed', async () => {
    const failure = new StateUnavailable('Postern’s database is full.')
    const power = { on: false }
    const web = await startWeb({
      dependencies: ({ terminalCodes }) => ({
        terminalCodes: {
          ...terminalCodes,
          approve: (device) => (power.on ? terminalCodes.approve(device) : Promise.reject(failure)),
        },
      }),
    })
    const { device_code, user_code, browser } = await waiting(web)
    expect((await decideDevice(browser, user_code, 'approve')).status).toBe(503)
    expect(web.trail.log).toEqual(['signed-in', 'terminal-approved', 'terminal-failed'])
    const [, approved, failed] = web.trail.events
    expect(failed).toEqual({ ...approved, type: 'terminal-failed', code: failure.code })
    expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
    power.on = true
    expect((await decideDevice(browser, user_code, 'approve')).status).toBe(200)
    web.pass(10)
    expect((await askWithDevice(web, device_code)).status).toBe(200)
  })

  test('that takes until the code is over is told so, in the trail too', async () => {
    const web = await startWeb()
    const { device_code, user_code, browser } = await waiting(web)
    web.pass(590)
    beforeRecorded(web, 'terminal-approved', () => {
      web.pass(10)
      return Promise.resolve()
    })
    const answer = await decideDevice(browser, user_code, 'approve')
    expect(answer.status).toBe(400)
    expect(answer.text).toContain('No command line waits')
    expect(web.trail.log).toEqual(['signed-in', 'terminal-approved', 'terminal-failed'])
    expect(errorIn(await askWithDevice(web, device_code))).toBe('expired_token')
  })
})

describe('a refusal', () => {
  test('reaches the terminal, and is recorded', async () => {
    const web = await startWeb()
    const { device_code, user_code, browser } = await waiting(web)
    expect((await decideDevice(browser, user_code, 'deny')).text).toContain('Refused')
    expect(errorIn(await askWithDevice(web, device_code))).toBe('access_denied')
    expect(web.trail.log).toEqual(['signed-in', 'terminal-denied'])
  })

  test('holds where the trail can’t', async () => {
    const web = await startWeb()
    const { device_code, user_code, browser } = await waiting(web)
    web.trail.failOn.add('terminal-denied')
    expect((await decideDevice(browser, user_code, 'deny')).status).toBe(503)
    expect(errorIn(await askWithDevice(web, device_code))).toBe('access_denied')
  })
})
