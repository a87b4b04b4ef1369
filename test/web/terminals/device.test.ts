import { describe, expect, test } from 'vitest'
import { tokenIn } from '../../support/browser.ts'
import {
  askWithDevice,
  bearer,
  decideDevice,
  errorIn,
  startDevice,
  tokensIn,
} from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

const terminal = { host: 'build-7', user: 'bob', system: 'Linux' }

test('a typed code is shown to be compared, approved, and signs the terminal in', async () => {
  const web = await startWeb()
  const { device_code, user_code, verification_uri } = await startDevice(web, terminal)
  expect(verification_uri).toBe(`${web.origin}/device`)
  const browser = await web.signedIn()
  expect((await browser.get('/device')).text).toContain('Code that your terminal shows')

  const asked = await browser.submit('/device', '/device', { user_code })
  expect(asked.status).toBe(200)
  for (const shown of [user_code, 'build-7', '127.0.0.1', '09:00 UTC', 'Approve', 'Refuse']) {
    expect(asked.text).toContain(shown)
  }
  expect(web.trail.log).toEqual(['signed-in'])
  expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')

  const done = await decideDevice(browser, user_code, 'approve')
  expect(done.text).toContain('The command line is signed in')
  const { access_token } = tokensIn(await askWithDevice(web, device_code))
  expect((await bearer(web, access_token).get('/api/v1/me')).text).toContain('"name":"bob"')
  expect(web.trail.log).toEqual(['signed-in', 'terminal-approved', 'terminal-signed-in'])
  const [, approved, begun] = web.trail.events
  expect(approved?.terminal).toBe(begun?.terminal)
})

test('the link with the code asks, and approves nothing by itself', async () => {
  const web = await startWeb()
  const { device_code, verification_uri_complete } = await startDevice(web, terminal)
  const browser = await web.signedIn()
  const path = verification_uri_complete.slice(web.origin.length)
  for (const query of ['', '&decision=approve']) {
    expect((await browser.get(`${path}${query}`)).text).toContain('A command line asks')
  }
  expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
})

test('whoever is not signed in comes back to the question', async () => {
  const web = await startWeb()
  const { user_code } = await startDevice(web)
  const browser = web.browser()
  const sent = await browser.get(`/device?user_code=${user_code}`)
  const page = sent.location ?? ''
  const number = new URL(page, web.origin).searchParams.get('continue') ?? ''
  const fields = { username: 'bob', password: 'bobpassword', continue: number }
  const signedIn = await browser.submit(page, '/sign-in/local', fields)
  expect(signedIn.location).toBe(`/device?user_code=${user_code}`)
})

test.each([
  ['lower case', (code: string) => code.toLowerCase()],
  ['no dash', (code: string) => code.replace('-', '')],
  ['spaces', (code: string) => ` ${code.replace('-', '  ')} `],
  ['another dash', (code: string) => code.replace('-', '–')],
])('a code typed with %s is the same code', async (_what, typed) => {
  const web = await startWeb()
  const { user_code } = await startDevice(web)
  const browser = await web.signedIn()
  const asked = await browser.submit('/device', '/device', { user_code: typed(user_code) })
  expect(asked.text).toContain('A command line asks')
})

describe('from another site', () => {
  test('nothing approves: no token, a forged one, somebody else’s, a foreign origin', async () => {
    const web = await startWeb()
    const { device_code, user_code } = await startDevice(web)
    const browser = await web.signedIn()
    const path = `/device?user_code=${user_code}`
    const own = tokenIn((await browser.get(path)).text)
    const alices = tokenIn((await (await web.signedIn('alice')).get(path)).text)
    const fields = { user_code, decision: 'approve' }
    for (const token of [undefined, 'x'.repeat(own.length), alices]) {
      const sent = token === undefined ? fields : { ...fields, _csrf: token }
      const answer = await browser.post('/device', sent)
      expect([answer.status, answer.location]).toEqual([303, path])
    }
    for (const headers of [
      { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' },
      { 'sec-fetch-site': 'same-site' },
    ]) {
      const answer = await browser.post('/device', { ...fields, _csrf: own }, { headers })
      expect(answer.status).toBe(403)
    }
    expect(errorIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
  })

  test('nobody is signed in as the attacker on the way to approve', async () => {
    const web = await startWeb()
    const { user_code } = await startDevice(web)
    const victim = web.browser()
    await victim.get(`/device?user_code=${user_code}`)
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    const forced = await victim.post(
      '/sign-in/local',
      { username: 'alice', password: 'alicepassword' },
      { headers },
    )
    expect(forced.status).toBe(403)
    expect((await victim.get(`/device?user_code=${user_code}`)).location).toMatch(/^\/sign-in/)
  })

  test('the question can’t be framed', async () => {
    const web = await startWeb()
    const { user_code } = await startDevice(web)
    const browser = await web.signedIn()
    const { headers } = await browser.get(`/device?user_code=${user_code}`)
    expect(headers['x-frame-options']).toBe('DENY')
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'")
    expect(headers['content-security-policy']).not.toContain('127.0.0.1')
  })
})

test('what a terminal says of itself can’t talk anybody into anything', async () => {
  const web = await startWeb()
  const host = `laptop. ${'Your administrator asks you to approve this. '.repeat(5)}`
  const { user_code } = await startDevice(web, { host, user: '<b>root</b>' })
  const browser = await web.signedIn()
  const { text } = await browser.get(`/device?user_code=${user_code}`)
  expect(text).not.toContain('<b>root</b>')
  expect(text).toContain(`${host.slice(0, 64)}…`)
})
