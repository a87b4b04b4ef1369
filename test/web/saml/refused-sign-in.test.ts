import { describe, expect, test } from 'vitest'
import { usualSignInLimits } from '../../../src/identity/sign-in-limits.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { postFromProvider, startJourney, startSamlWeb } from '../../support/saml/web-target.ts'

const readers = { attributes: { groups: ['readers'] } }
const acs = '/saml/corp/acs'

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
