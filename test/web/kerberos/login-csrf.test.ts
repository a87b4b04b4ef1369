import { describe, expect, test } from 'vitest'
import { ticketOf } from '../../support/kerberos/fake-kerberos.ts'
import { startKerberosWeb } from '../../support/kerberos/kerberos-web.ts'

const place = '/sign-in/windows'
/** What a browser that speaks no Fetch Metadata leaves out. */
const silent = { 'sec-fetch-site': [], 'sec-fetch-mode': [], 'sec-fetch-dest': [] }

describe('another site', () => {
  test.each([
    ['cross-site', {}],
    ['same-site', {}],
    ['cross-site', { referer: 'http://127.0.0.1/sign-in' }],
  ])('(%s) can’t have a browser signed in by its ticket', async (site, more) => {
    const { web, gssapi } = await startKerberosWeb({ automatic: true })
    const browser = web.browser()
    const headers = { 'sec-fetch-site': site, authorization: ticketOf('bob@CORP.EXAMPLE'), ...more }
    const answer = await browser.get(`${place}?continue=1`, { headers })
    expect(answer).toMatchObject({ status: 303, location: '/sign-in?continue=1' })
    expect(answer.headers['www-authenticate']).toBeUndefined()
    expect(gssapi.seen).toEqual([])
    expect(web.trail.events).toEqual([])
    // Nor by way of the page that tries by itself.
    const page = await browser.get('/sign-in', { headers: { 'sec-fetch-site': site } })
    expect(page.status).toBe(200)
    expect(page.headers['refresh']).toBeUndefined()
    expect(browser.cookies.has('postern')).toBe(false)
  })

  test('can’t have a browser signed in with a ticket of its own choosing', async () => {
    const { web, gssapi } = await startKerberosWeb()
    const authorization = ticketOf('mallory@CORP.EXAMPLE')
    for (const site of ['cross-site', 'same-site', 'same-origin']) {
      const headers = {
        ...{ 'sec-fetch-site': site, 'sec-fetch-mode': 'cors', 'sec-fetch-dest': 'empty' },
        ...{ origin: 'https://evil.example', authorization },
      }
      const answer = await web.browser().get(place, { headers })
      expect(answer).toMatchObject({ status: 303, location: '/sign-in' })
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    const preflight = await web.browser().send('OPTIONS', place, {
      headers: {
        origin: 'https://evil.example',
        'access-control-request-headers': 'authorization',
      },
    })
    expect(preflight.status).toBe(405)
    expect(preflight.headers['access-control-allow-headers']).toBeUndefined()
    expect(gssapi.seen).toEqual([])
  })

  test('can’t hide behind a second Sec-Fetch-Site', async () => {
    const { web } = await startKerberosWeb()
    const headers = {
      'sec-fetch-site': ['same-origin', 'cross-site'],
      authorization: ticketOf('bob@CORP.EXAMPLE'),
    }
    expect((await web.browser().get(place, { headers })).location).toBe('/sign-in')
  })
})

describe('a browser that doesn’t say who sent it', () => {
  test.each([
    ['nothing', {}],
    ['a page of another site', { referer: 'https://evil.example/sign-in' }],
    ['a page of another port', { referer: 'http://127.0.0.1:9/sign-in' }],
    ['no address', { referer: 'about:blank' }],
  ])('is not signed in with %s as Referer', async (_, headers) => {
    const { web } = await startKerberosWeb({ automatic: true })
    const authorization = ticketOf('bob@CORP.EXAMPLE')
    const answer = await web
      .browser()
      .get(place, { headers: { ...silent, ...headers, authorization } })
    expect(answer).toMatchObject({ status: 303, location: '/sign-in' })
    const page = await web.browser().get('/sign-in', { headers: { ...silent, ...headers } })
    expect(page.headers['refresh']).toBeUndefined()
    expect(web.signIns).toEqual([])
  })

  test('is signed in from a page of ours', async () => {
    const { web } = await startKerberosWeb()
    const referer = `${web.origin}/sign-in`
    const authorization = ticketOf('bob@CORP.EXAMPLE')
    const answer = await web
      .browser()
      .get(place, { headers: { ...silent, referer, authorization } })
    expect(answer).toMatchObject({ status: 303, location: '/' })
  })
})
