import { describe, expect, test } from 'vitest'
import { errorAnswer } from '../../../src/contract/answers.ts'
import { type Answer, type Browser, tokenIn } from '../../support/browser.ts'
import { askWithDevice, bearer, startDevice, tokensIn } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

const terminal = { host: 'build-7', user: 'bob', system: 'Linux' }

function decide(browser: Browser, user_code: string, decision: string): Promise<Answer> {
  return browser.submit(`/device?user_code=${user_code}`, '/device', { user_code, decision })
}

function codeIn(answer: Answer): string {
  return errorAnswer.parse(JSON.parse(answer.text)).error
}

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
  expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')

  const done = await decide(browser, user_code, 'approve')
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
  expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
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

test('a refusal reaches the terminal, and is recorded', async () => {
  const web = await startWeb()
  const { device_code, user_code } = await startDevice(web)
  const browser = await web.signedIn()
  expect((await decide(browser, user_code, 'deny')).text).toContain('Refused')
  expect(codeIn(await askWithDevice(web, device_code))).toBe('access_denied')
  expect(web.trail.log).toEqual(['signed-in', 'terminal-denied'])
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

test('a code serves once, and one of two people', async () => {
  const web = await startWeb()
  const { device_code, user_code } = await startDevice(web)
  const [bob, alice] = [await web.signedIn('bob'), await web.signedIn('alice')]
  const token = tokenIn((await alice.get(`/device?user_code=${user_code}`)).text)
  expect((await decide(bob, user_code, 'approve')).status).toBe(200)
  const late = await alice.post('/device', { _csrf: token, user_code, decision: 'approve' })
  expect(late.status).toBe(400)
  expect(late.text).toContain('No command line waits')
  const { access_token } = tokensIn(await askWithDevice(web, device_code))
  expect((await bearer(web, access_token).get('/api/v1/me')).text).toContain('"name":"bob"')
})

describe('guessing codes', () => {
  test.each(['', 'AEIO-UAEI', 'BCDF-GHJK', '12345678', '<script>', 'B'.repeat(64)])(
    '%j finds nothing',
    async (user_code) => {
      const web = await startWeb()
      await startDevice(web)
      const browser = await web.signedIn()
      const answer = await browser.submit('/device', '/device', { user_code })
      expect(answer.status).toBe(400)
      expect(answer.text).not.toContain('<script>alert')
    },
  )

  test('ends after thirty looks of one person, codes of their own among them', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { user_code } = await startDevice(web)
    for (let looks = 0; looks < 30; looks++) {
      const code = looks % 5 === 0 ? user_code : 'BCDF-GHJK'
      await browser.get(`/device?user_code=${code}`)
    }
    const answer = await browser.get(`/device?user_code=${user_code}`)
    expect([answer.status, answer.headers['retry-after']]).toEqual([429, '60'])
    expect(answer.text).toContain('Too many codes')
    const posted = await browser.submit('/device', '/device', { user_code, decision: 'approve' })
    expect(posted.status).toBe(429)
    expect(web.trail.log).not.toContain('terminal-approved')
    const alice = await web.signedIn('alice')
    expect((await alice.get(`/device?user_code=${user_code}`)).status).toBe(200)
  })

  test('ends after three hundred looks from one address, whoever looks', async () => {
    const web = await startWeb()
    const rule = { limit: 300, windowSeconds: 600, blockSeconds: 60, maxBlockSeconds: 3600 }
    for (let looks = 0; looks < 300; looks++) {
      await web.state.attempts.consume('user-code-address:127.0.0.1', rule)
    }
    const browser = await web.signedIn()
    expect((await browser.get('/device?user_code=BCDF-GHJK')).status).toBe(429)
  })

  test('never finds one that has ended', async () => {
    const web = await startWeb()
    const { user_code } = await startDevice(web)
    web.pass(600)
    const browser = await web.signedIn()
    expect((await browser.get(`/device?user_code=${user_code}`)).status).toBe(400)
  })
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
    expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
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

test('an approval that can’t be recorded approves nothing', async () => {
  const web = await startWeb()
  const { device_code, user_code } = await startDevice(web)
  const browser = await web.signedIn()
  web.trail.failOn.add('terminal-approved')
  expect((await decide(browser, user_code, 'approve')).status).toBe(503)
  expect(codeIn(await askWithDevice(web, device_code))).toBe('authorization_pending')
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
