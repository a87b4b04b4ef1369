import { expect, test } from 'vitest'
import { StateUnavailable } from '../../src/errors.ts'
import { tokenIn } from '../support/browser.ts'
import { startWeb, type WebOptions } from '../support/web-app.ts'

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'

/** A database that serves until it is switched off. */
function switchable() {
  const power = { on: true }
  const failing = <Store extends object>(store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const found: unknown = Reflect.get(target, name)
        if (power.on || typeof found !== 'function') return found
        return () =>
          Promise.reject(
            new StateUnavailable('Postern’s database is full.', { detail: 'disk /var' }),
          )
      },
    })
  const options: WebOptions = {
    dependencies: (built) => ({
      browserSessions: failing(built.browserSessions),
      signInStates: failing(built.signInStates),
      attempts: failing(built.attempts),
      roleSessions: failing(built.roleSessions),
      checks: [
        {
          name: 'state',
          check: () => (power.on ? Promise.resolve() : Promise.reject(new Error('disk /var full'))),
        },
      ],
    }),
  }
  return { power, options }
}

test('without the database every page says so with 503, and none lets anybody in', async () => {
  const { power, options } = switchable()
  const web = await startWeb(options)
  const browser = await web.signedIn()
  const visitor = web.browser()
  const token = tokenIn((await visitor.get('/sign-in')).text)
  power.on = false
  const answers = [
    await browser.get('/'),
    await browser.get('/role?account=111111111111&role=ReadOnly'),
    await browser.get('/role-sessions/x'),
    await browser.get('/console?account=222222222222&role=ReadOnly'),
    await browser.post('/role-sessions', { role: readOnly }),
    await browser.post('/sign-out', {}),
    await visitor.get('/console?account=222222222222&role=ReadOnly'),
    await visitor.post('/sign-in/local', {
      _csrf: token,
      username: 'bob',
      password: 'bobpassword',
    }),
  ]
  for (const answer of answers) {
    expect(answer.status).toBe(503)
    expect(answer.headers['retry-after']).toBe('30')
    expect(answer.text).toContain('database is full')
    expect(answer.text).toContain(String(answer.headers['x-request-id']))
    expect(answer.text).not.toContain('/var')
  }
  expect(visitor.cookies.has('postern')).toBe(false)
  expect(web.hasher.verified).toBe(1)
  expect(web.issuer.orders).toHaveLength(0)
})

test('the sign-in page itself, health and files need no database', async () => {
  const { power, options } = switchable()
  const web = await startWeb(options)
  power.on = false
  const visitor = web.browser()
  for (const path of ['/sign-in', '/healthz', '/public/postern.css']) {
    expect((await visitor.get(path)).status, path).toBe(200)
  }
  const ready = await visitor.get('/readyz')
  expect([ready.status, ready.text]).toEqual([503, 'not ready\n'])
})

test('a session goes on after an outage, and so does everything else', async () => {
  const { power, options } = switchable()
  const web = await startWeb(options)
  const browser = await web.signedIn()
  power.on = false
  expect((await browser.get('/')).status).toBe(503)
  power.on = true
  expect((await browser.get('/')).status).toBe(200)
})

test('a database that takes no touch serves on', async () => {
  const web = await startWeb({
    dependencies: ({ browserSessions }) => ({
      browserSessions: {
        ...browserSessions,
        touch: () => Promise.reject(new StateUnavailable('read-only')),
      },
    }),
  })
  const browser = await web.signedIn()
  web.pass(100)
  expect((await browser.get('/')).status).toBe(200)
  expect(web.logger.lines.some(({ level }) => level === 'warn')).toBe(true)
})

test('credentials that can’t be kept are not shown, and the trail has them', async () => {
  const web = await startWeb({
    dependencies: ({ roleSessions }) => ({
      roleSessions: {
        ...roleSessions,
        insert: () => Promise.reject(new StateUnavailable('full')),
      },
    }),
  })
  const browser = await web.signedIn()
  const answer = await browser.submit('/', '/role-sessions', { role: readOnly })
  expect(answer.status).toBe(503)
  expect(answer.text).not.toContain('ASIA')
  expect(web.trail.log).toContain('role-session-issued')
})

test('a trail that can’t be written stops issuing with 503', async () => {
  const web = await startWeb()
  const browser = await web.signedIn()
  web.trail.failOn.add('role-session-requested')
  const answer = await browser.submit('/', '/role-sessions', { role: readOnly })
  expect(answer.status).toBe(503)
  expect(web.issuer.orders).toHaveLength(0)
})

test('what nobody foresaw says nothing but the request ID', async () => {
  const web = await startWeb({
    dependencies: ({ broker }) => ({
      broker: { ...broker, offers: () => Promise.reject(new Error('secret detail of the inside')) },
    }),
  })
  const browser = await web.signedIn()
  const page = await browser.get('/')
  expect(page.status).toBe(500)
  expect(page.text).not.toContain('secret detail')
  expect(page.text).toContain(String(page.headers['x-request-id']))
  const json = await browser.get('/', { headers: { accept: 'application/json' } })
  expect(JSON.parse(json.text)).toMatchObject({ error: 'server_error' })
  expect(json.text).not.toContain('secret detail')
  expect(web.logger.text()).toContain('secret detail')
})
