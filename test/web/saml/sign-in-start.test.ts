import { describe, expect, test } from 'vitest'
import { responseFields } from '../../support/saml/saml-visit.ts'
import {
  journeyCookie,
  postFromProvider,
  startJourney,
  startSamlWeb,
} from '../../support/saml/web-target.ts'

const readers = { attributes: { groups: ['readers'] } }
const acs = '/saml/corp/acs'

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
