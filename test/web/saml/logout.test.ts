import { describe, expect, test } from 'vitest'
import type { Browser } from '../../support/browser.ts'
import { tokenIn } from '../../support/browser.ts'
import { toBase64 } from '../../support/saml/attack-kit.ts'
import { logoutUrl } from '../../support/saml/core-target.ts'
import {
  type LogoutPlan,
  logoutRequestXml,
  logoutResponseXml,
  signedPost,
  signedQuery,
} from '../../support/saml/idp-logout.ts'
import { readRequest } from '../../support/saml/read-request.ts'
import { samlCast } from '../../support/saml/saml-cast.ts'
import { signInBySaml } from '../../support/saml/saml-visit.ts'
import { postFromProvider, startSamlWeb } from '../../support/saml/web-target.ts'
import type { WebApp } from '../../support/web-app.ts'

const { idp, attacker } = samlCast()
const person = 'alice@corp.example'
const path = '/saml/corp/logout'

async function signedIn(web: WebApp): Promise<Browser> {
  const browser = web.browser()
  await signInBySaml(web, browser, { attributes: { groups: ['readers'] } })
  expect((await browser.get('/')).status).toBe(200)
  return browser
}

const isIn = async (browser: Browser) => (await browser.get('/')).status === 200

function requestFor(web: WebApp, plan: LogoutPlan = {}): string {
  return logoutRequestXml({
    destination: `${web.origin}${path}`,
    nameIdElement: `<saml:NameID Format="urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress">${person}</saml:NameID>`,
    ...plan,
  })
}

const byRedirect = (web: WebApp, plan?: LogoutPlan, key = idp) =>
  `${path}?${signedQuery('SAMLRequest', requestFor(web, plan), key, { relayState: 'r' })}`

async function signOut(browser: Browser) {
  const token = tokenIn((await browser.get('/')).text)
  return browser.post('/sign-out', { _csrf: token })
}

/** Where the page that goes on by itself leads. */
function onward(answer: { readonly headers: Readonly<Record<string, unknown>> }): string {
  return /^0; url=(.*)$/.exec(String(answer.headers['refresh']))?.[1] ?? ''
}

describe('signing out of Postern', () => {
  test('ends the session here, goes on to the provider with a signed request, and comes back', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const answer = await signOut(browser)
    expect(answer.status).toBe(200)
    expect(await isIn(browser)).toBe(false)
    const url = onward(answer)
    expect(url).toMatch(/^https:\/\/idp\.example\/slo\?SAMLRequest=.*&Signature=/)
    expect(answer.text).toContain('Go on')
    const { requestId, xml } = readRequest(url)
    expect(xml).toContain(person)
    expect(xml).toContain('<samlp:SessionIndex>s1</samlp:SessionIndex>')
    const relayState = new URL(url).searchParams.get('RelayState') ?? ''
    const response = logoutResponseXml(requestId).replace(logoutUrl, `${web.origin}${path}`)
    const query = signedQuery('SAMLResponse', response, idp, { relayState })
    const back = await browser.get(`${path}?${query}`)
    expect(back.location).toBe('/sign-in?signed-out=both&method=corp')
    const page = await browser.get(back.location ?? '')
    expect(page.text).toContain('You are signed out of Postern and of Corporate SSO.')
    // The same answer again, and in another browser.
    expect((await browser.get(`${path}?${query}`)).status).toBe(401)
  })

  test('says so where the provider could not end its session', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const url = onward(await signOut(browser))
    const relayState = new URL(url).searchParams.get('RelayState') ?? ''
    const response = logoutResponseXml(readRequest(url).requestId, 'Responder').replace(
      logoutUrl,
      `${web.origin}${path}`,
    )
    const query = signedQuery('SAMLResponse', response, idp, { relayState })
    const back = await browser.get(`${path}?${query}`)
    expect(back.location).toBe('/sign-in?signed-out=here&method=corp')
    expect((await browser.get(back.location ?? '')).text).toContain('but not of Corporate SSO')
  })

  test.each([
    ['the provider has no logout', { provider: { logout: [] } }],
    [
      'we have no key to ask with',
      { saml: { keys: { signing: [], decryption: [], alsoPublish: [] } } },
    ],
    ['the configuration does not want it', { method: { signsOutThere: false } }],
  ])('ends the session here and is honest where %s', async (_, options) => {
    const web = await startSamlWeb(options)
    const browser = await signedIn(web)
    const answer = await signOut(browser)
    expect(answer.location).toBe('/sign-in?signed-out=here&method=corp')
    expect(await isIn(browser)).toBe(false)
    expect(web.trail.events.at(-1)).toMatchObject({ type: 'signed-out', method: 'corp' })
  })

  test('goes on by a form where the provider takes only POST', async () => {
    const logout = [
      { binding: 'post', location: 'https://idp.example/slo', responseLocation: undefined },
    ] as const
    const web = await startSamlWeb({ provider: { logout } })
    const answer = await signOut(await signedIn(web))
    expect(answer.text).toMatch(
      /action="https:\/\/idp\.example\/slo" data-carry>\s*<input type="hidden" name="SAMLRequest"/,
    )
  })

  test('leaves a local session as it was', async () => {
    const web = await startSamlWeb()
    expect((await signOut(await web.signedIn('bob'))).location).toBe('/sign-in?signed-out=yes')
  })
})

describe('a sign-out at the provider', () => {
  test('ends the session here, and is answered by a signed redirect', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const answer = await browser.get(byRedirect(web, { id: '_ask' }))
    expect(answer.status).toBe(303)
    expect(answer.location).toMatch(
      /^https:\/\/idp\.example\/slo\?SAMLResponse=.*RelayState=r&SigAlg=.*&Signature=/,
    )
    expect(readRequest(answer.location ?? '').xml).toMatch(/InResponseTo="_ask".*status:Success/s)
    expect(browser.cookies.has('postern')).toBe(false)
    expect(await isIn(browser)).toBe(false)
    expect(web.trail.events.at(-1)).toMatchObject({ type: 'signed-out', personId: person })
  })

  test('by POST ends it too, though no session cookie comes along', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const fields = { SAMLRequest: toBase64(signedPost(requestFor(web), idp)) }
    const answer = await postFromProvider(browser, path, fields)
    expect(answer.text).toContain('name="SAMLResponse"')
    expect(await isIn(browser)).toBe(false)
  })

  test('reaches every browser of the person, and nobody else', async () => {
    const web = await startSamlWeb()
    const [first, second] = [await signedIn(web), await signedIn(web)]
    const other = web.browser()
    await signInBySaml(web, other, { nameId: 'carol@corp.example' })
    const local = await web.signedIn('bob')
    await web.browser().get(byRedirect(web))
    expect([await isIn(first), await isIn(second)]).toEqual([false, false])
    expect([await isIn(other), await isIn(local)]).toEqual([true, true])
  })

  test('of another session of the person ends none', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    expect((await browser.get(byRedirect(web, { sessionIndex: 's2' }))).status).toBe(303)
    expect(await isIn(browser)).toBe(true)
  })

  test.each<[string, (web: WebApp) => string, string]>([
    ['is unsigned', (web) => byRedirect(web).replace(/&SigAlg.*/, ''), 'saml_signature_missing'],
    [
      'is signed by somebody else',
      (web) => byRedirect(web, {}, attacker),
      'saml_signature_invalid',
    ],
    [
      'is signed with MD5',
      (web) => {
        const sigAlg = 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'
        return `${path}?${signedQuery('SAMLRequest', requestFor(web), idp, { sigAlg, hash: 'RSA-MD5' })}`
      },
      'saml_signature_algorithm',
    ],
    ['has a field twice', (web) => `${byRedirect(web)}&RelayState=x`, 'saml_field'],
    [
      'is for another address',
      (web) => byRedirect(web, { destination: 'https://x.example/' }),
      'saml_destination',
    ],
  ])('that %s ends nothing, and is recorded', async (_, query, code) => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const answer = await browser.get(query(web))
    expect(answer.status).toBe(401)
    expect(await isIn(browser)).toBe(true)
    expect(web.trail.events.at(-1)).toMatchObject({
      type: 'sign-out-refused',
      method: 'corp',
      code,
    })
    expect(web.samlRefusals).toEqual([`corp ${code}`])
  })

  test('is taken once', async () => {
    const web = await startSamlWeb()
    const query = byRedirect(web)
    expect((await web.browser().get(query)).status).toBe(303)
    const browser = await signedIn(web)
    expect((await web.browser().get(query)).status).toBe(401)
    expect(await isIn(browser)).toBe(true)
    expect(web.samlRefusals).toEqual(['corp saml_replay'])
  })

  test('with a name rewritten by a processing instruction ends nothing', async () => {
    const web = await startSamlWeb()
    const browser = await signedIn(web)
    const signed = signedPost(
      requestFor(web, { nameIdElement: '<saml:NameID>not-alice@corp.example</saml:NameID>' }),
      idp,
    )
    const bent = signed.replace('>not-alice', '><?p not-?>alice')
    expect(bent).not.toBe(signed)
    const answer = await postFromProvider(browser, path, { SAMLRequest: toBase64(bent) })
    expect(answer.status).toBe(401)
    expect(await isIn(browser)).toBe(true)
    expect(web.samlRefusals).toEqual(['corp saml_xml_processing_instruction'])
  })
})
