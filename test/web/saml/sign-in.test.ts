import { describe, expect, test } from 'vitest'
import { usualSignInLimits } from '../../../src/identity/sign-in-limits.ts'
import { roleOf } from '../../support/broker-fakes.ts'
import {
  journeyCookie,
  postFromProvider,
  startJourney,
  startSamlWeb,
} from '../../support/saml/web-target.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { readRequest } from '../../support/saml/read-request.ts'

const readers = { attributes: { groups: ['readers'] } }
const acs = '/saml/corp/acs'
const portalLink = '/console?account=222222222222&role=ReadOnly'

describe('a sign-in by SAML', () => {
  test('leads from the sign-in page to the provider and back to the roles', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const page = await browser.get('/sign-in')
    expect(page.text).toContain('href="/sign-in/corp"')
    expect(page.headers['refresh']).toBeUndefined()
    const answer = await signInBySaml(web, browser, readers)
    expect(answer).toMatchObject({ status: 303, location: '/', text: '' })
    expect(answer.headers['cache-control']).toBe('no-store')
    const roles = await browser.get('/')
    expect(roles.text).toContain('ReadOnly')
    expect(roles.text).toContain('by Corporate SSO')
    expect(web.trail.events.at(-1)).toMatchObject({
      type: 'signed-in',
      method: 'corp',
      people: 'staff',
      personId: 'alice@corp.example',
      groups: ['readers'],
    })
    expect(web.signIns).toEqual(['corp signed-in'])
  })

  test('sends a signed request with SHA-256, and an opaque RelayState', async () => {
    const web = await startSamlWeb()
    const { location = '' } = await web.browser().get('/sign-in/corp')
    const url = new URL(location)
    expect(url.searchParams.get('SigAlg')).toBe('http://www.w3.org/2001/04/xmldsig-more#rsa-sha256')
    expect(url.searchParams.get('RelayState')).toMatch(/^[\w-]{22}$/)
    expect(readRequest(location).xml).toContain(`${web.origin}${acs}`)
  })

  test('sends it by a form that sends itself where the provider wants a POST', async () => {
    const web = await startSamlWeb({ saml: { requestBinding: 'post' } })
    const answer = await web.browser().get('/sign-in/corp')
    expect(answer.status).toBe(200)
    expect(answer.text).toMatch(
      /<form method="post" action="https:\/\/idp\.example\/sso" data-carry>\s*<input type="hidden" name="SAMLRequest"/,
    )
    expect(answer.text).toMatch(/<button[^>]*>Go on<\/button>/)
    const csp = String(answer.headers['content-security-policy'])
    expect(csp).toMatch(/form-action 'self' [^;]*https:\/\/idp\.example(?=[ ;])/)
    expect(csp).toContain("script-src 'self'")
  })

  test('survives with its deep link, and opens the console for a portal link', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const asked = await browser.get(portalLink)
    expect(asked.location).toMatch(/^\/sign-in\?continue=\d+$/)
    const query = new URL(asked.location ?? '', web.origin).search
    expect((await browser.get(`/sign-in${query}`)).text).toContain(`href="/sign-in/corp${query}"`)
    const back = await signInBySaml(web, browser, { ...readers, query })
    expect(back.location).toBe(`/sign-in${query}`)
    const on = await browser.get(back.location ?? '')
    expect(on.location).toBe(portalLink)
    const console = await browser.get(portalLink, { headers: { 'sec-fetch-site': 'cross-site' } })
    expect(console.location).toMatch(/^https:\/\/signin\.aws\.amazon\.com\//)
  })

  test('ends whatever session the browser had, and begins one under a new ID', async () => {
    const web = await startSamlWeb()
    const browser = await web.signedIn('bob')
    const before = browser.cookies.get('postern')
    // A browser over http on loopback sends its own session along with this POST.
    const started = await startJourney(web.browser())
    browser.cookies.set(journeyCookie, started.browser)
    const answer = await browser.send('POST', acs, {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams(responseFields(web, started, readers)).toString(),
    })
    expect(answer.status).toBe(303)
    expect(browser.cookies.get('postern')).not.toBe(before)
    expect((await browser.get('/')).text).toContain('alice@corp.example')
    const old = web.browser()
    old.cookies.set('postern', before ?? '')
    expect((await old.get('/')).status).toBe(303)
  })

  test('lasts no longer than the session at the provider', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const end = new Date(web.now + 600_000).toISOString()
    const authnStatement = `<saml:AuthnStatement AuthnInstant="${new Date(web.now).toISOString()}" SessionNotOnOrAfter="${end}"><saml:AuthnContext/></saml:AuthnStatement>`
    await signInBySaml(web, browser, { ...readers, authnStatement })
    web.pass(599)
    expect((await browser.get('/')).status).toBe(200)
    web.pass(2)
    expect((await browser.get('/')).location).toBe('/sign-in?ended=yes')
  })

  test('tells the log of AWS role attributes that are no pair', async () => {
    const web = await startSamlWeb()
    const pair = 'arn:aws:iam::111111111111:role/Admin,arn:aws:iam::111111111111:saml-provider/Corp'
    const attributes = { 'https://aws.amazon.com/SAML/Attributes/Role': [pair, 'nonsense'] }
    const browser = web.browser()
    await signInBySaml(web, browser, { attributes })
    expect(browser.cookies.has('postern')).toBe(true)
    expect(web.logger.text()).toContain('no pair of role and provider')
  })

  test('goes straight on where there is nothing to choose, and not after a sign-out or an end', async () => {
    const web = await startSamlWeb({ dependencies: () => ({ forms: [], signInOrder: ['corp'] }) })
    const refresh = async (query: string) =>
      (await web.browser().get(`/sign-in${query}`)).headers['refresh']
    expect(await refresh('')).toBe('0; url=/sign-in/corp')
    expect(await refresh('?continue=3')).toBe('0; url=/sign-in/corp?continue=3')
    expect(await refresh('?ended=yes')).toBeUndefined()
    expect(await refresh('?signed-out=both&method=corp')).toBeUndefined()
  })
})

describe('a sign-in that somebody else has a hand in', () => {
  test('is refused in a browser that did not start it (login CSRF, session swap)', async () => {
    const web = await startSamlWeb()
    const attacker = web.browser()
    const started = await startJourney(attacker)
    const fields = responseFields(web, started, readers)
    const victim = web.browser()
    const plain = await postFromProvider(victim, acs, fields)
    expect(plain.status).toBe(401)
    await startJourney(victim)
    const waiting = await postFromProvider(victim, acs, fields)
    expect(waiting.status).toBe(401)
    expect(victim.cookies.has('postern')).toBe(false)
    expect(web.samlRefusals).toEqual(['corp saml_unsolicited', 'corp saml_unsolicited'])
    // It was not used up, and still works where it belongs.
    expect((await postFromProvider(attacker, acs, fields)).status).toBe(303)
  })

  test('is refused once its request has expired', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const started = await startJourney(browser)
    web.pass(601)
    const answer = await postFromProvider(browser, acs, responseFields(web, started, readers))
    expect(answer.status).toBe(401)
    expect(web.samlRefusals).toEqual(['corp saml_unsolicited'])
  })

  test('is refused where the response of one provider comes to the address of another', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const started = await startJourney(browser)
    const fields = responseFields(web, started, readers)
    expect((await postFromProvider(browser, '/saml/other/acs', fields)).status).toBe(404)
    expect((await browser.get(acs)).status).toBe(405)
  })

  test('reads one message for all, with the request ID, and tells the trail why', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const started = await startJourney(browser)
    const fields = responseFields(web, started, { ...readers, audience: 'https://other.example' })
    const answer = await postFromProvider(browser, acs, fields)
    expect(answer.status).toBe(401)
    expect(answer.text).toContain(
      'Your identity provider sent something that Postern does not accept',
    )
    expect(answer.text).toContain('>You are not signed in</h1>')
    expect(answer.text).toContain(String(answer.headers['x-request-id']))
    expect(answer.text).not.toContain('audience')
    expect(answer.text).toContain('href="/sign-in"')
    expect(web.trail.events.at(-1)).toMatchObject({
      type: 'sign-in-refused',
      method: 'corp',
      people: 'staff',
      code: 'saml_audience',
      detail: expect.stringContaining('https://other.example') as string,
    })
  })

  test('never follows RelayState, whatever it says', async () => {
    const web = await startSamlWeb({
      saml: { idpInitiated: { landings: ['/console?x=1', '//evil.example', '/public/main.js'] } },
    })
    for (const RelayState of [
      'https://evil.example/',
      '//evil.example',
      '/role',
      '/public/main.js',
    ]) {
      const fields = { ...responseFields(web, undefined, readers), RelayState }
      const answer = await postFromProvider(web.browser(), acs, fields)
      expect(answer).toMatchObject({ status: 303, location: '/' })
    }
    const fields = { ...responseFields(web, undefined, readers), RelayState: '/console?x=1' }
    expect((await postFromProvider(web.browser(), acs, fields)).location).toBe('/console?x=1')
  })

  test('starts by the provider only where that is allowed', async () => {
    const web = await startSamlWeb()
    const answer = await postFromProvider(
      web.browser(),
      acs,
      responseFields(web, undefined, readers),
    )
    expect(answer.status).toBe(401)
    expect(web.samlRefusals).toEqual(['corp saml_unsolicited'])
  })
})

describe('a start', () => {
  test.each([
    ['an image of another site', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }],
    ['a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
    ['a prefetch', { 'sec-purpose': 'prefetch' }],
  ])('is not made for %s', async (_, headers) => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const answer = await browser.get('/sign-in/corp?continue=1', { headers })
    expect(answer).toMatchObject({ status: 303, location: '/sign-in?continue=1' })
    expect(browser.cookies.has(journeyCookie)).toBe(false)
  })

  test('is not made for HEAD, nor for somebody who is signed in, nor for a method unknown', async () => {
    const web = await startSamlWeb()
    const visitor = web.browser()
    expect((await visitor.send('HEAD', '/sign-in/corp', {})).location).toBe('/sign-in')
    expect((await visitor.get('/sign-in/nothing')).status).toBe(404)
    expect((await visitor.get('/sign-in/local')).location).toBe('/sign-in')
    const bob = await web.signedIn('bob')
    expect((await bob.get('/sign-in/corp')).location).toBe('/sign-in')
  })

  test('is limited for each address, so that nobody fills the database with them', async () => {
    const web = await startSamlWeb()
    for (let tries = 0; tries < 1000; tries += 1) {
      const answer = await web.browser().get('/sign-in/corp')
      if (answer.status !== 303) throw new Error(`refused at ${tries}`)
    }
    const answer = await web.browser().get('/sign-in/corp')
    expect(answer.status).toBe(429)
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0)
    web.pass(61)
    expect((await web.browser().get('/sign-in/corp')).status).toBe(303)
  })

  test('shares one cookie between tabs, which both come back', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const [first, second] = [await startJourney(browser), await startJourney(browser)]
    expect(first.browser).toBe(second.browser)
    for (const started of [first, second]) {
      const answer = await postFromProvider(browser, acs, responseFields(web, started, readers))
      expect(answer.status).toBe(303)
    }
  })
})

test('refusals are limited for each address, and recorded as such', async () => {
  const address = { limit: 50, windowSeconds: 60, blockSeconds: 60, maxBlockSeconds: 60 }
  const signInLimits = { ...usualSignInLimits, address }
  const web = await startSamlWeb({ settings: { signInLimits } })
  const fields = responseFields(web, undefined)
  for (let tries = 0; tries < 50; tries += 1)
    expect((await postFromProvider(web.browser(), acs, fields)).status).toBe(401)
  const browser = web.browser()
  const genuine = responseFields(web, await startJourney(browser), readers)
  const answer = await postFromProvider(browser, acs, genuine)
  expect(answer.status).toBe(429)
  expect(web.trail.events.at(-1)).toMatchObject({ type: 'sign-in-refused', code: 'slow_down' })
  web.pass(Number(answer.headers['retry-after']) + 1)
  expect((await signInBySaml(web, browser, readers)).status).toBe(303)
})

describe('a page that has its visitors send what is refused keeps nobody of their office out', () => {
  const address = { limit: 2, windowSeconds: 60, blockSeconds: 60, maxBlockSeconds: 60 }
  const settings = { signInLimits: { ...usualSignInLimits, address } }
  const type = 'application/x-www-form-urlencoded'

  test.each([
    ['by a script', { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'empty' }],
    ['in a frame', { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'iframe' }],
  ])('%s', async (_, said) => {
    const web = await startSamlWeb({ settings })
    const headers = { 'content-type': type, 'sec-fetch-site': 'cross-site', ...said }
    for (let tries = 0; tries < 5; tries += 1) {
      const answer = await web.browser().send('POST', acs, { headers, body: 'SAMLResponse=x' })
      expect(answer.status).toBe(403)
    }
    expect(web.trail.events).toEqual([])
    expect((await signInBySaml(web, web.browser(), readers)).status).toBe(303)
  })

  test('by the messages that end sessions, which may come in a frame', async () => {
    const web = await startSamlWeb({ settings })
    const headers = { 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
    const statuses: number[] = []
    for (let tries = 0; tries < 3; tries += 1) {
      const answer = await web.browser().get('/saml/corp/logout?SAMLRequest=x', { headers })
      statuses.push(answer.status)
    }
    expect(statuses).toEqual([401, 401, 429])
    expect((await signInBySaml(web, web.browser(), readers)).status).toBe(303)
  })
})

describe('the journey cookie', () => {
  const cookieOf = async (publicUrl: string) => {
    const web = await startSamlWeb({ settings: { publicUrl: new URL(publicUrl) } })
    const headers = { host: new URL(publicUrl).host }
    const answer = await web.browser().get('/sign-in/corp', { headers })
    return [answer.headers['set-cookie'] ?? []].flat().find((line) => line.includes('journey'))
  }

  test('over https comes along with the POST of another site, and is bound to this host', async () => {
    const cookie = await cookieOf('https://aws.corp.example')
    expect(cookie).toMatch(
      /^__Host-postern-journey=[\w-]{43}; Max-Age=600; Path=\/; Expires=[^;]+; HttpOnly; Secure; SameSite=None$/,
    )
  })

  test('over http on loopback is Lax, since browsers take no None without Secure', async () => {
    expect(await cookieOf('http://localhost:3000')).toMatch(
      /^postern-journey=.*; HttpOnly; SameSite=Lax$/,
    )
  })
})

test('the metadata stands at its address', async () => {
  const web = await startSamlWeb()
  const answer = await web.browser().get('/saml/corp/metadata')
  expect(answer.headers['content-type']).toBe('application/samlmetadata+xml')
  expect(answer.text).toContain(`entityID="${web.origin}/saml/corp/metadata"`)
  expect((await web.browser().get('/saml/local/metadata')).status).toBe(404)
})

test('a role by the AWS role attribute is issued where a grant says so', async () => {
  const admin = roleOf('arn:aws:iam::111111111111:role/Admin')
  const web = await startSamlWeb({ unheld: [admin], awsRoles: ['111111111111'] })
  const pair = 'arn:aws:iam::111111111111:saml-provider/Corp, arn:aws:iam::111111111111:role/Admin'
  const browser = web.browser()
  await signInBySaml(web, browser, {
    attributes: { 'https://aws.amazon.com/SAML/Attributes/Role': [pair] },
  })
  expect((await browser.get('/')).text).toContain('Admin')
  expect((await browser.askFor(admin.arn.arn, false)).status).toBe(303)
  expect(web.trail.events.at(-1)).toMatchObject({ grants: ['signIn[0].awsRoles'] })
})
