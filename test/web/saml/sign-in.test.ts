import { describe, expect, test } from 'vitest'
import { roleOf } from '../../support/broker-fakes.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { journeyCookie, startJourney, startSamlWeb } from '../../support/saml/web-target.ts'

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
