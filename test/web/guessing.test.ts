import { describe, expect, test } from 'vitest'
import { tokenIn } from '../support/browser.ts'
import { startWeb, userOf, type WebApp } from '../support/web-app.ts'

/** Statuses of so many wrong passwords, sent at once by one page each. */
async function guess(web: WebApp, names: readonly string[], headers: Record<string, string> = {}) {
  const attempts = names.map(async (username) => {
    const browser = web.browser()
    const token = tokenIn((await browser.get('/sign-in')).text)
    const fields = { _csrf: token, username, password: 'wrong' }
    return browser.post('/sign-in/local', fields, { headers })
  })
  return Promise.all(attempts)
}

const times = (count: number, name: (n: number) => string) =>
  Array.from({ length: count }, (_, n) => name(n))

describe('guessing passwords', () => {
  test('fifty times at once for one name costs five hashes, one at a time', async () => {
    const web = await startWeb()
    const answers = await guess(
      web,
      times(50, () => 'bob'),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 401)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(45)
    expect(web.hasher.verified).toBe(5)
    expect(web.hasher.most).toBe(1)
  })

  test('for fifty names at once runs one hash at a time and turns away what can’t wait', async () => {
    const web = await startWeb()
    const gate = Promise.withResolvers<undefined>()
    web.hasher.gate = gate.promise
    const turnedAway: string[] = []
    const guesses = times(50, (n) => `user${n}`).map(async (name) => {
      const [answer] = await guess(web, [name])
      if (answer?.status !== 429) return
      turnedAway.push(String(answer.headers['retry-after']))
      if (turnedAway.length === 45) gate.resolve(undefined)
    })
    await Promise.all(guesses)
    expect(turnedAway).toEqual(times(45, () => '2'))
    expect([web.hasher.verified, web.hasher.most]).toEqual([5, 1])
  })

  test('costs the same work and gets the same page whether or not the name exists', async () => {
    const web = await startWeb()
    const [known] = await guess(web, ['bob'])
    const afterKnown = web.hasher.verified
    const [unknown] = await guess(web, ['nob'])
    expect(afterKnown).toBe(1)
    expect(web.hasher.verified).toBe(2)
    const page = (text = '') =>
      text
        .replace(/name="_csrf" value="[^"]*"/g, '')
        .replace(/<code>[^<]*<\/code>/g, '')
        .replace(/value="(bob|nob)"/g, '')
    expect(unknown?.status).toBe(known?.status)
    expect(page(unknown?.text)).toBe(page(known?.text))
    const headers = (answer: typeof known) => Object.keys(answer?.headers ?? {}).sort()
    expect(headers(unknown)).toEqual(headers(known))
  })

  test('makes the next try wait, also with the right password, and then lets it in', async () => {
    const web = await startWeb()
    await guess(
      web,
      times(5, () => 'bob'),
    )
    const browser = web.browser()
    const limited = await browser.signIn('bob', 'bobpassword')
    expect(limited.status).toBe(429)
    const wait = Number(limited.headers['retry-after'])
    expect(wait).toBe(30)
    expect(limited.text).toContain('30 s')
    expect(limited.text).toContain('value="bob"')
    web.pass(wait)
    expect((await browser.signIn('bob', 'bobpassword')).status).toBe(303)
  })

  test('is counted by the real address, whatever X-Forwarded-For says', async () => {
    const web = await startWeb()
    for (let n = 0; n < 50; n += 1) {
      await guess(web, [`user${n}`], { 'x-forwarded-for': `203.0.113.${n}` })
    }
    const [answer] = await guess(web, ['user99'], { 'x-forwarded-for': '198.51.100.1' })
    expect(answer?.status).toBe(429)
  })

  test('is counted by the address that a trusted proxy saw', async () => {
    const web = await startWeb({ settings: { trustedProxies: ['127.0.0.0/8'] } })
    const from = (last: number) => ({ 'x-forwarded-for': `1.2.3.4, 203.0.113.${last}` })
    for (let n = 0; n < 51; n += 1) await guess(web, [`user${n}`], from(1))
    expect((await guess(web, ['user98'], from(1)))[0]?.status).toBe(429)
    expect((await guess(web, ['user99'], from(2)))[0]?.status).toBe(401)
    expect(web.trail.events.at(-1)?.address).toBe('203.0.113.2')
  })

  test('never shows a password again, and writes none down', async () => {
    const web = await startWeb()
    const browser = web.browser()
    const answer = await browser.signIn('bob', 'hunter2-hunter2')
    expect(answer.status).toBe(401)
    expect(answer.text).not.toContain('hunter2')
    const unknown = await browser.signIn('hunter2-typed-as-a-name', 'x')
    expect(unknown.status).toBe(401)
    expect(JSON.stringify(web.trail.events) + web.logger.text()).not.toContain('hunter2')
  })
})

describe('the trail', () => {
  test('has each sign-in, with method and groups, before the session begins', async () => {
    const web = await startWeb()
    await web.signedIn()
    expect(web.trail.events).toEqual([
      {
        type: 'signed-in',
        requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
        address: '127.0.0.1',
        people: 'staff',
        personId: 'bob',
        name: 'bob',
        method: 'local',
        groups: ['readers'],
      },
    ])
    expect(web.signIns).toEqual(['local signed-in'])
  })

  test('has each refusal, with the name only where somebody has it', async () => {
    const web = await startWeb()
    await guess(web, ['bob'])
    await guess(web, ['mistyped'])
    expect(web.trail.events).toMatchObject([
      { type: 'sign-in-refused', name: 'bob', code: 'sign_in_failed', detail: 'wrong password' },
      { type: 'sign-in-refused', code: 'sign_in_failed', detail: 'unknown user' },
    ])
    expect(web.trail.events[1]).not.toHaveProperty('name')
  })

  test('has each use of a break-glass user, and the log an alarm', async () => {
    const web = await startWeb({ users: [userOf('glass', { breakGlass: true })] })
    await web.signedIn('glass')
    expect(web.trail.log).toEqual(['break-glass-used', 'signed-in'])
    const alarms = web.logger.lines.filter(({ level }) => level === 'warn')
    expect(alarms.map(({ message }) => message)).toEqual(['ALARM: a break-glass user signs in'])
    expect(alarms[0]?.fields).toMatchObject({ name: 'glass', address: '127.0.0.1' })
  })

  test.each(['signed-in', 'break-glass-used'])(
    'that can’t take %s lets nobody in',
    async (type) => {
      const web = await startWeb({ users: [userOf('glass', { breakGlass: true })] })
      web.trail.failOn.add(type)
      const browser = web.browser()
      const answer = await browser.signIn('glass', 'glasspassword')
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toBe('30')
      expect(browser.cookies.has('postern')).toBe(false)
      expect((await browser.get('/')).status).toBe(303)
      await expect(web.state.browserSessions.countLive(web.now)).resolves.toBe(0)
    },
  )

  test('that can’t take a sign-out ends the session all the same, and the log says so', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    web.trail.failOn.add('signed-out')
    expect((await browser.submit('/', '/sign-out', {})).status).toBe(303)
    expect((await browser.get('/')).status).toBe(303)
    expect(web.logger.lines.some(({ level }) => level === 'error')).toBe(true)
  })
})
