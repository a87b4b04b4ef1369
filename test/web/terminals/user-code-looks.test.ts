import { describe, expect, test } from 'vitest'
import { type Browser, tokenIn } from '../../support/browser.ts'
import { startDevice } from '../../support/terminal-login.ts'
import { startWeb } from '../../support/web-app.ts'

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

  test('of one person leaves everybody else at the same address their looks', async () => {
    const web = await startWeb()
    const bob = await web.signedIn()
    for (let looks = 0; looks < 400; looks++) await bob.get('/device?user_code=BCDF-GHJK')
    const alice = await web.signedIn('alice')
    const { user_code } = await startDevice(web)
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

  test('is recorded, with who guesses', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    await browser.submit('/device', '/device', { user_code: 'BCDF-GHJK' })
    for (let looks = 1; looks < 31; looks++) await browser.get('/device?user_code=BCDF-GHJK')
    const told = web.trail.events.filter(({ type }) => type === 'terminal-refused')
    expect(told).toHaveLength(31)
    const who = { personId: 'bob', name: 'bob', address: '127.0.0.1' }
    expect(told[0]).toMatchObject({ ...who, code: 'invalid_request' })
    expect(told[30]).toMatchObject({ ...who, code: 'slow_down' })
  })

  test('never finds one that has ended', async () => {
    const web = await startWeb()
    const { user_code } = await startDevice(web)
    web.pass(600)
    const browser = await web.signedIn()
    expect((await browser.get(`/device?user_code=${user_code}`)).status).toBe(400)
  })
})

describe('what another site sends here', () => {
  const path = (code: string) => `/device?user_code=${code}`

  /** Follows a link; where from is what the browser says. */
  function follow(browser: Browser, code: string, site: string | undefined) {
    const headers = {
      'sec-fetch-mode': 'navigate',
      'sec-fetch-dest': 'document',
      ...(site !== undefined && { 'sec-fetch-site': site }),
    }
    return browser.send('GET', path(code), { headers })
  }

  test.each(['cross-site', 'same-site', undefined])(
    'by a browser that says %s spends no look, and asks nothing before a click',
    async (site) => {
      const web = await startWeb()
      const browser = await web.signedIn()
      const { user_code } = await startDevice(web)
      for (let sent = 0; sent < 60; sent++) {
        const code = sent % 2 === 0 ? user_code : 'BCDF-GHJK'
        const answer = await follow(browser, code, site)
        expect([answer.status, answer.text.includes('A command line asks')]).toEqual([200, false])
        expect(answer.text).toContain(`value="${code}"`)
      }
      const form = await follow(browser, user_code, site)
      const asked = await browser.post('/device', { _csrf: tokenIn(form.text), user_code })
      expect([asked.status, asked.text.includes('A command line asks')]).toEqual([200, true])
    },
  )

  test('is shown as a code can be, and no longer', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { text } = await follow(browser, `"><script>${'x'.repeat(2_000)}`, 'cross-site')
    expect(text).not.toContain('<script>x')
    expect(text.split('x'.repeat(20))).toHaveLength(1)
  })

  test('costs nothing where it is a form either', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { user_code } = await startDevice(web)
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example' }
    for (let sent = 0; sent < 60; sent++) {
      const answer = await browser.post('/device', { user_code: 'BCDF-GHJK' }, { headers })
      expect(answer.status).toBe(403)
    }
    expect((await browser.get(path(user_code))).status).toBe(200)
  })

  test.each(['none', 'same-origin'])('is not what says %s', async (site) => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const { user_code } = await startDevice(web)
    expect((await follow(browser, user_code, site)).text).toContain('A command line asks')
  })
})
