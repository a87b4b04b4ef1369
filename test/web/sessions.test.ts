import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { writeBrowserSession } from '../../src/identity/browser-session.ts'
import { identityOf } from '../support/broker-fakes.ts'
import { type Answer, Browser, tokenIn } from '../support/browser.ts'
import { startWeb, type WebApp } from '../support/web-app.ts'

const isSignedIn = async (browser: Browser) => (await browser.get('/')).status === 200

function cookieLines(answer: Answer): readonly string[] {
  const lines = answer.headers['set-cookie'] ?? []
  return typeof lines === 'string' ? [lines] : lines
}

/** A second browser with whatever the first one holds. */
function copyOf(browser: Browser): Browser {
  const copy = new Browser(browser.origin)
  for (const [name, value] of browser.cookies) copy.cookies.set(name, value)
  return copy
}

describe('a browser session', () => {
  test('gets a new ID at sign-in, so that one planted before is worth nothing', async () => {
    const web = await startWeb()
    const attacker = await web.signedIn('alice')
    const planted = attacker.cookies.get('postern') ?? ''
    const victim = web.browser()
    const token = tokenIn((await victim.get('/sign-in')).text)
    victim.cookies.set('postern', planted)
    const fields = { _csrf: token, username: 'bob', password: 'bobpassword' }
    expect((await victim.post('/sign-in/local', fields)).status).toBe(303)
    expect(victim.cookies.get('postern')).not.toBe(planted)
    expect(await isSignedIn(attacker)).toBe(false)
    expect((await victim.get('/')).text).toContain('bob')
  })

  test('never begins under an ID that a browser brings along', async () => {
    const web = await startWeb()
    const victim = web.browser()
    victim.cookies.set('postern', 's:chosen-by-an-attacker.c2lnbmF0dXJl')
    await victim.signIn('bob', 'bobpassword')
    expect(victim.cookies.get('postern')).not.toContain('chosen')
    expect(await isSignedIn(victim)).toBe(true)
  })

  test('is over for every copy of its cookie once somebody signs out', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const copy = copyOf(browser)
    expect(await isSignedIn(copy)).toBe(true)
    const out = await browser.submit('/', '/sign-out', {})
    expect(out.headers['clear-site-data']).toBe('"cache", "storage"')
    expect(browser.cookies.has('postern')).toBe(false)
    expect(browser.cookies.has('postern-key')).toBe(false)
    expect(await isSignedIn(copy)).toBe(false)
  })

  test('does not come back when a request that began before the sign-out ends after it', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const copy = copyOf(browser)
    const token = tokenIn((await browser.get('/')).text)
    const entered = Promise.withResolvers<undefined>()
    const gate = Promise.withResolvers<undefined>()
    web.issuer.limits = async () => {
      entered.resolve(undefined)
      await gate.promise
      return web.issuer.limitsAnswer
    }
    web.pass(61)
    const slow = copy.get('/')
    await entered.promise
    expect((await browser.post('/sign-out', { _csrf: token })).status).toBe(303)
    gate.resolve(undefined)
    expect((await slow).status).toBe(200)
    expect(await isSignedIn(copy)).toBe(false)
  })

  test('ends after half an hour without a request, and lives on with one', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    for (const pause of [1700, 1700, 1700]) {
      web.pass(pause)
      expect(await isSignedIn(browser)).toBe(true)
    }
    web.pass(1800)
    const answer = await browser.get('/')
    expect(answer.location).toBe('/sign-in?ended=yes')
  })

  test('ends after eight hours, however busy', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    for (let minutes = 0; minutes < 470; minutes += 10) {
      web.pass(600)
      expect(await isSignedIn(browser)).toBe(true)
    }
    web.pass(600)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('that began long after now is over: the clock was set back, and it would last for longer', async () => {
    const web = await startWeb()
    web.pass(30)
    const browser = await web.signedIn()
    web.pass(-30)
    expect(await isSignedIn(browser)).toBe(true)
    web.pass(-3_600)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('obeys a life that was shortened after it began', async () => {
    const web = await startWeb({
      dependencies: ({ browserSessions }) => ({
        browserSessions: {
          ...browserSessions,
          write: (session) =>
            browserSessions.write({ ...session, expiresAt: session.expiresAt + 86_400_000 }),
        },
      }),
    })
    const browser = await web.signedIn()
    web.pass(1799)
    expect(await isSignedIn(browser)).toBe(true)
    web.pass(1800)
    expect(await isSignedIn(browser)).toBe(false)
  })

  test('is touched once a minute and not at each request', async () => {
    const touches: number[] = []
    const web = await startWeb({
      dependencies: ({ browserSessions }) => ({
        browserSessions: {
          ...browserSessions,
          touch: (idHash, seenAt, expiresAt) => {
            touches.push(seenAt)
            return browserSessions.touch(idHash, seenAt, expiresAt)
          },
        },
      }),
    })
    const browser = await web.signedIn()
    for (let n = 0; n < 5; n += 1) await browser.get('/')
    expect(touches).toHaveLength(0)
    web.pass(61)
    for (let n = 0; n < 5; n += 1) await browser.get('/')
    expect(touches).toHaveLength(1)
  })

  test('stands in the database under the hash of its ID, without any secret', async () => {
    const written: string[] = []
    const web = await startWeb({
      dependencies: ({ browserSessions }) => ({
        browserSessions: {
          ...browserSessions,
          write: (session) => {
            written.push(JSON.stringify(session))
            return browserSessions.write(session)
          },
        },
      }),
    })
    const browser = await web.signedIn()
    const id = /^s%3A([\w-]{43})\./.exec(browser.cookies.get('postern') ?? '')?.[1] ?? ''
    expect(id).toHaveLength(43)
    expect(written).toHaveLength(1)
    expect(written[0]).not.toContain(id)
    expect(written[0]).not.toContain(browser.cookies.get('postern-key'))
    expect(written[0]).toContain(createHash('sha256').update(id).digest('base64url'))
  })

  test('whose stored content is damaged belongs to nobody', async () => {
    for (const data of ['{}', 'null', 'no JSON', '{"identity":{"name":"alice"}}']) {
      const web = await startWeb({
        dependencies: ({ browserSessions }) => ({
          browserSessions: {
            ...browserSessions,
            write: (session) => browserSessions.write({ ...session, data }),
          },
        }),
      })
      expect(await isSignedIn(await web.signedIn()), data).toBe(false)
    }
  })

  test('is not made for people who only look', async () => {
    const web = await startWeb()
    const browser = web.browser()
    for (const path of ['/', '/sign-in', '/nowhere', '/healthz', '/public/postern.css']) {
      const answer = await browser.get(path)
      expect(cookieLines(answer).filter((line) => line.startsWith('postern='))).toEqual([])
    }
    await expect(web.state.browserSessions.countLive(web.now)).resolves.toBe(0)
  })

  test('is not looked up for health and public files', async () => {
    const { web, reads } = await webThatCountsReads()
    const browser = await web.signedIn()
    reads.count = 0
    await browser.get('/healthz')
    await browser.get('/readyz')
    await browser.get('/public/postern.css')
    expect(reads.count).toBe(0)
    await browser.get('/')
    expect(reads.count).toBe(1)
  })
})

describe('cookies', () => {
  test('over https are bound to the host, and kept from scripts and other sites', async () => {
    const web = await startWeb({ settings: { publicUrl: new URL('https://aws.corp.example') } })
    const headers = { host: 'aws.corp.example' }
    const browser = web.browser()
    const token = tokenIn((await browser.get('/sign-in', { headers })).text)
    const fields = { _csrf: token, username: 'bob', password: 'bobpassword' }
    const answer = await browser.post('/sign-in/local', fields, { headers })
    expect(answer.status).toBe(303)
    const lines = cookieLines(answer)
    expect(lines.map((line) => line.split('=')[0]).sort()).toEqual([
      '__Host-postern',
      '__Host-postern-key',
    ])
    for (const line of lines) {
      const [, ...attributes] = line.split('; ')
      expect(attributes.sort()).toEqual(['HttpOnly', 'Path=/', 'SameSite=Lax', 'Secure'])
    }
    expect(browser.cookies.has('__Host-postern-visitor')).toBe(true)
    expect((await browser.get('/', { headers })).status).toBe(200)
  })

  test('over http on loopback carry neither the prefix nor Secure', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    expect([...browser.cookies.keys()].sort()).toEqual([
      'postern',
      'postern-key',
      'postern-visitor',
    ])
  })

  test('that come twice count as none', async () => {
    const web = await startWeb()
    const browser = await web.signedIn()
    const issued = await browser.submit('/', '/role-sessions', {
      role: 'arn:aws:iam::111111111111:role/ReadOnly',
    })
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const twice = `${cookie}; postern-key=${'A'.repeat(43)}`
    const answer = await browser.get(issued.location ?? '', { headers: { cookie: twice } })
    expect(answer.status).toBe(404)
  })
})

test('a session of the database alone opens nothing: its hash is no ID', async () => {
  const web = await startWeb()
  const idHash = createHash('sha256').update('whatever').digest('base64url')
  await web.state.browserSessions.write({
    idHash,
    data: writeBrowserSession({ identity: identityOf('alice'), csrfToken: 'x'.repeat(64) }),
    person: 'staff/alice',
    logoutKey: undefined,
    createdAt: web.now,
    lastSeenAt: web.now,
    expiresAt: web.now + 1_000_000,
  })
  const thief = web.browser()
  thief.cookies.set('postern', idHash)
  expect(await isSignedIn(thief)).toBe(false)
})

async function webThatCountsReads(): Promise<{ web: WebApp; reads: { count: number } }> {
  const reads = { count: 0 }
  const web = await startWeb({
    dependencies: ({ browserSessions }) => ({
      browserSessions: {
        ...browserSessions,
        read: (idHash, now) => {
          reads.count += 1
          return browserSessions.read(idHash, now)
        },
      },
    }),
  })
  return { web, reads }
}
