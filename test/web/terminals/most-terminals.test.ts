import { describe, expect, test } from 'vitest'
import { mostTerminals } from '../../../src/identity/terminals/most-terminals.ts'
import {
  approve,
  askWithDevice,
  refresh,
  signedInTerminal,
  startDevice,
  statusWith,
} from '../../support/terminal-login.ts'
import { startWeb, type WebApp } from '../../support/web-app.ts'

/** IDs of the sign-ins that bob can see, and so can end. */
async function shown(web: WebApp): Promise<ReadonlySet<string>> {
  const page = await (await web.signedIn()).get('/terminals')
  return new Set(
    [...page.text.matchAll(/name="terminal" value="([^"]*)"/g)].map(([, id]) => id ?? ''),
  )
}

/** IDs in the trail of sign-ins that began or gave way. */
function told(web: WebApp, type: string): readonly (string | undefined)[] {
  return web.trail.events.filter((event) => event.type === type).map(({ terminal }) => terminal)
}

async function fill(web: WebApp, count = mostTerminals) {
  const held = []
  for (let begun = 0; begun < count; begun++) {
    web.pass(10)
    held.push(await signedInTerminal(web))
  }
  return held
}

describe('one sign-in too many', () => {
  test('takes the place of the one that was not used for longest, and both are recorded', async () => {
    const web = await startWeb()
    const [first, second, ...others] = await fill(web)
    if (!first || !second) throw new Error('no sign-ins')
    web.pass(70)
    expect(await statusWith(web, first.access_token)).toBe(200)
    const next = await signedInTerminal(web)

    expect(await statusWith(web, second.access_token)).toBe(401)
    expect((await refresh(web, second.refresh_token)).status).toBe(400)
    for (const { access_token } of [first, next, ...others]) {
      expect(await statusWith(web, access_token)).toBe(200)
    }
    const begun = told(web, 'terminal-signed-in')
    expect(told(web, 'terminal-displaced')).toEqual([begun[1]])
    expect(web.trail.events.find(({ type }) => type === 'terminal-displaced')).toMatchObject({
      personId: 'bob',
      address: '127.0.0.1',
      detail: '?@?, from 127.0.0.1',
    })
  })

  test('counts a renewal as use', async () => {
    const web = await startWeb()
    const [first, second] = await fill(web)
    if (!first || !second) throw new Error('no sign-ins')
    web.pass(70)
    const renewed = await refresh(web, first.refresh_token)
    expect(renewed.status).toBe(200)
    await signedInTerminal(web)
    expect(told(web, 'terminal-displaced')).toEqual([told(web, 'terminal-signed-in')[1]])
  })

  test('takes nobody else’s place, and none of one that has ended', async () => {
    const web = await startWeb()
    const alices = await signedInTerminal(web, { name: 'alice' })
    await fill(web)
    expect(await statusWith(web, alices.access_token)).toBe(200)
    web.pass(43_000)
    await fill(web, 20)
    expect(told(web, 'terminal-displaced')).toEqual([])
  })
})

test('fifty sign-ins at once leave as many as the page shows, and each is there or recorded as gone', async () => {
  const web = await startWeb()
  await fill(web, 20)
  const devices = await Promise.all(Array.from({ length: 50 }, () => startDevice(web)))
  for (const { user_code } of devices) await approve(web, user_code)
  const answers = await Promise.all(
    devices.map(({ device_code }) => askWithDevice(web, device_code)),
  )
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(50)
  const gone = told(web, 'terminal-displaced')
  expect(gone).toHaveLength(20)
  const lasting = told(web, 'terminal-signed-in').filter((id) => !gone.includes(id))
  expect(await shown(web)).toEqual(new Set(lasting))
  expect(lasting).toHaveLength(mostTerminals)
})

describe('that the trail can’t hold', () => {
  test.each(['terminal-signed-in', 'terminal-displaced'])('as %s gives no tokens', async (type) => {
    const web = await startWeb()
    await fill(web)
    const before = await shown(web)
    const { device_code, user_code } = await startDevice(web)
    await approve(web, user_code)
    web.trail.failOn.add(type)
    const answer = await askWithDevice(web, device_code)
    expect(answer.status).toBe(503)
    expect(answer.text).not.toMatch(/pn[ar]_/)
    const after = await shown(web)
    expect(after.size).toBe(mostTerminals - 1)
    expect(after.isSubsetOf(before)).toBe(true)
    web.trail.failOn.clear()
    expect((await askWithDevice(web, device_code)).status).toBe(400)
  })
})

test('the page shows every sign-in that lasts', async () => {
  const web = await startWeb()
  await fill(web, mostTerminals + 5)
  expect((await shown(web)).size).toBe(mostTerminals)
  const stored = await web.state.terminals.ofPerson('staff/bob', web.now, 1_000)
  expect(stored).toHaveLength(mostTerminals)
})
