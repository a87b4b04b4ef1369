import { describe, expect, test } from 'vitest'
import { KerberosUnavailable } from '../../../src/identity/kerberos/kerberos-refusal.ts'
import { ntlmNegotiate, negotiate } from '../../identity/kerberos/tokens.ts'
import type { Browser } from '../../support/browser.ts'
import { ticketOf } from '../../support/kerberos/fake-kerberos.ts'
import { startKerberosWeb } from '../../support/kerberos/kerberos-web.ts'

const place = '/sign-in/windows'
const bob = 'bob@CORP.EXAMPLE'
const portalLink = '/console?account=222222222222&role=ReadOnly'

function signIn(browser: Browser, authorization: string, query = '') {
  return browser.get(`${place}${query}`, { headers: { authorization } })
}

describe('a browser with a ticket', () => {
  test('is asked for it, and comes to its roles without typing', async () => {
    const { web, gssapi } = await startKerberosWeb()
    const browser = web.browser()
    expect((await browser.get('/sign-in')).text).toContain(`href="${place}"`)
    const asked = await browser.get(place)
    expect(asked.status).toBe(401)
    expect(asked.headers['www-authenticate']).toBe('Negotiate')
    const answer = await signIn(browser, ticketOf(bob))
    expect(answer).toMatchObject({ status: 303, location: '/', text: '' })
    expect(answer.headers['www-authenticate']).toBe('Negotiate bXV0dWFs')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect((await browser.get('/')).text).toContain('by Windows session')
    expect(gssapi.seen).toHaveLength(1)
    expect(web.signIns).toEqual(['windows signed-in'])
    expect(web.trail.events).toMatchObject([
      { type: 'signed-in', method: 'windows', people: 'staff', personId: 'id-of-bob', name: 'bob' },
    ])
  })

  test('comes to where it was going', async () => {
    const { web } = await startKerberosWeb()
    const browser = web.browser()
    const { location = '' } = await browser.get(portalLink)
    const { search } = new URL(location, web.origin)
    const page = await browser.get(location)
    expect(page.text).toContain(`href="${place}${search}"`)
    const asked = await browser.get(`${place}${search}`)
    expect(asked.text).toContain(`name="continue" value="${search.replace('?continue=', '')}"`)
    expect((await signIn(browser, ticketOf(bob), search)).location).toBe(portalLink)
  })

  test('gets a session under a new ID, and keeps none of another person', async () => {
    const { web } = await startKerberosWeb()
    const browser = web.browser()
    await browser.get('/sign-in')
    browser.cookies.set('postern', 'planted')
    await signIn(browser, ticketOf(bob))
    const first = browser.cookies.get('postern')
    expect(first).not.toBe('planted')
    expect((await signIn(browser, ticketOf('alice@CORP.EXAMPLE'))).location).toBe('/sign-in')
    await signIn(browser, ticketOf('alice@CORP.EXAMPLE'), '?again=yes')
    expect(browser.cookies.get('postern')).not.toBe(first)
    expect((await browser.get('/')).text).toContain('alice')
  })

  test('is not asked with HEAD, in a frame, or ahead of time', async () => {
    const { web } = await startKerberosWeb()
    const browser = web.browser()
    const authorization = ticketOf(bob)
    for (const headers of [
      { 'sec-fetch-dest': 'iframe' },
      { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' },
      { 'sec-purpose': 'prefetch' },
    ]) {
      const answer = await browser.get(place, { headers: { ...headers, authorization } })
      expect(answer).toMatchObject({ status: 303, location: '/sign-in' })
      expect(answer.headers['www-authenticate']).toBeUndefined()
    }
    const head = await browser.send('HEAD', place, { headers: { authorization } })
    expect(head.status).toBe(303)
    expect(web.signIns).toEqual([])
  })
})

describe('a browser without a ticket', () => {
  test('reads the other ways in the same answer, the form first', async () => {
    const { web } = await startKerberosWeb()
    const browser = web.browser()
    const { status, text } = await browser.get(place)
    expect(status).toBe(401)
    expect(text).toContain('Your computer did not sign you in. Sign in another way.')
    expect(text).not.toContain('role="alert"')
    const [form, link] = [text.indexOf('action="/sign-in/local"'), text.indexOf(`href="${place}"`)]
    expect(form).toBeGreaterThan(0)
    expect(link).toBeGreaterThan(form)
    expect(web.trail.events).toEqual([])
    const fields = { username: 'bob', password: 'bobpassword' }
    const [, token = ''] = /name="_csrf" value="([^"]+)"/.exec(text) ?? []
    const signedIn = await browser.post('/sign-in/local', { ...fields, _csrf: token })
    expect(signedIn).toMatchObject({ status: 303, location: '/' })
  })

  test('is asked by the sign-in page only where that is configured', async () => {
    const usual = await startKerberosWeb()
    expect((await usual.web.browser().get('/sign-in')).headers['refresh']).toBeUndefined()
    const automatic = await startKerberosWeb({ automatic: true })
    const browser = automatic.web.browser()
    expect((await browser.get('/sign-in')).headers['refresh']).toBe(`0; url=${place}`)
    const { location = '' } = await browser.get(portalLink)
    const { search } = new URL(location, automatic.web.origin)
    expect((await browser.get(location)).headers['refresh']).toBe(`0; url=${place}${search}`)
    // Whoever came back from there without success stays where the form is.
    expect((await browser.get(place)).headers['refresh']).toBeUndefined()
    for (const query of ['?signed-out=yes', '?ended=yes']) {
      const page = await browser.get(`/sign-in${query}`)
      expect(page.headers['refresh']).toBeUndefined()
    }
  })

  test('and with the password of an intermediary in its request is asked all the same', async () => {
    const { web } = await startKerberosWeb()
    const answer = await signIn(web.browser(), 'Basic Ym9iOmJvYg==')
    expect(answer.headers['www-authenticate']).toBe('Negotiate')
    expect(web.trail.events).toEqual([])
  })
})

describe('a ticket that signs nobody in', () => {
  const attempts = [
    ['forged', () => ticketOf('forged'), 'kerberos_ticket', undefined],
    ['of another realm', () => ticketOf('bob@EVIL.EXAMPLE'), 'kerberos_realm', undefined],
    [
      'of a disabled account',
      () => ticketOf('leaver@CORP.EXAMPLE'),
      'kerberos_directory',
      'leaver',
    ],
    ['of a name for two', () => ticketOf('carol@CORP.EXAMPLE'), 'kerberos_directory', undefined],
    ['of a computer', () => ticketOf('WS1$@CORP.EXAMPLE'), 'kerberos_directory', undefined],
    ['of a service', () => ticketOf('HTTP/web@CORP.EXAMPLE'), 'kerberos_name', undefined],
    ['that is NTLM', () => negotiate(ntlmNegotiate), 'kerberos_ntlm', undefined],
    ['that is NTLM by name', () => 'NTLM TlRMTVNTUAABAAAA', 'kerberos_ntlm', undefined],
    ['that is garbage', () => 'Negotiate !!!!', 'kerberos_token', undefined],
  ] as const

  test.each(attempts)('%s: the browser reads no reason, the trail has it', async (...attempt) => {
    const [, ticket, code, name] = attempt
    const { web } = await startKerberosWeb({ machines: true })
    const browser = web.browser()
    const answer = await signIn(browser, ticket())
    expect(answer.status).toBe(401)
    expect(answer.text).toContain('Your computer did not sign you in. Sign in another way.')
    expect(answer.text).toContain('role="alert"')
    expect(answer.text).toContain('action="/sign-in/local"')
    expect(answer.text).not.toMatch(/kerberos_|directory_|EVIL|Bad integrity/)
    // A second challenge would open a window for a password on Windows.
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(browser.cookies.has('postern')).toBe(false)
    expect(web.signIns).toEqual(['windows refused'])
    expect(web.ticketRefusals).toEqual([`windows ${code}`])
    expect(web.trail.events).toMatchObject([
      {
        ...{ type: 'sign-in-refused', method: 'windows', people: 'staff', code },
        ...(name !== undefined && { name }),
      },
    ])
    if (name === undefined) expect(web.trail.events[0]).not.toHaveProperty('name')
  })

  test('the second time, in whichever browser', async () => {
    const { web } = await startKerberosWeb()
    const ticket = ticketOf(bob)
    expect((await signIn(web.browser(), ticket)).status).toBe(303)
    expect((await signIn(web.browser(), ticket)).status).toBe(401)
    expect(web.trail.events.at(-1)).toMatchObject({ code: 'kerberos_replay' })
  })

  test('after too many refusals is not looked at, and NTLM is none of them', async () => {
    const { web, gssapi } = await startKerberosWeb()
    for (let index = 0; index < 60; index += 1) await signIn(web.browser(), 'NTLM TlRMTVNTUAABAAAA')
    for (let index = 0; index < 50; index += 1) {
      expect((await signIn(web.browser(), ticketOf('forged'))).status).toBe(401)
    }
    const limited = await signIn(web.browser(), ticketOf(bob))
    expect(limited.status).toBe(429)
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(0)
    expect(limited.text).toContain('Too many tries.')
    expect(gssapi.seen).toHaveLength(50)
    expect(web.signIns.at(-1)).toBe('windows limited')
  })

  test('for want of the package, is told so, and the form is there', async () => {
    const { web } = await startKerberosWeb({
      gssapi: () =>
        Promise.reject(
          new KerberosUnavailable('npm install --no-save --no-strict-allow-scripts kerberos'),
        ),
    })
    const browser = web.browser()
    const answer = await signIn(browser, ticketOf(bob))
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('Postern can’t take Kerberos tickets at this moment.')
    expect(answer.text).toContain('action="/sign-in/local"')
    expect(answer.text).not.toContain('npm')
    expect(web.logger.text()).toContain('npm install --no-save --no-strict-allow-scripts kerberos')
    expect((await web.browser().signIn('bob', 'bobpassword')).status).toBe(303)
  })
})
