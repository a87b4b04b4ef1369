import { Agent } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { Browser } from '../../support/browser.ts'
import { responseFields } from '../../support/saml/saml-visit.ts'
import {
  journeyCookie,
  postFromProvider,
  startJourney,
  startSamlWeb,
} from '../../support/saml/web-target.ts'

const acs = '/saml/corp/acs'
const many = { attributes: { groups: ['readers'] } }
const plenty = {
  address: { limit: 10_000, windowSeconds: 600, blockSeconds: 60, maxBlockSeconds: 60 },
  name: { limit: 10_000, windowSeconds: 600, blockSeconds: 60, maxBlockSeconds: 60 },
}

describe('one response', () => {
  test.each([
    ['asked for', {}],
    ['unasked', { saml: { idpInitiated: { landings: [] } } }],
  ])('%s, posted from 50 connections at once, signs in once', async (what, options) => {
    const web = await startSamlWeb({ ...options, settings: { signInLimits: plenty } })
    const started = what === 'unasked' ? undefined : await startJourney(web.browser())
    const fields = responseFields(web, started, many)
    const answers = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const agent = new Agent({ keepAlive: true, maxSockets: 1 })
        onTestFinished(() => {
          agent.destroy()
        })
        const browser = new Browser(web.origin, agent)
        // Each has its connection before any of them posts.
        await browser.get('/healthz')
        if (started) browser.cookies.set(journeyCookie, started.browser)
        return postFromProvider(browser, acs, fields)
      }),
    )
    const statuses = answers.map(({ status }) => status).sort()
    expect(statuses).toEqual([303, ...Array.from({ length: 49 }, () => 401)])
    expect(web.trail.events.filter(({ type }) => type === 'signed-in')).toHaveLength(1)
    expect(await web.state.browserSessions.countLive(web.now)).toBe(1)
    expect(new Set(web.samlRefusals)).toEqual(
      new Set(what === 'unasked' ? ['corp saml_replay'] : ['corp saml_unsolicited']),
    )
  })

  test('is refused later, in the same browser too', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const fields = responseFields(web, await startJourney(browser), many)
    expect((await postFromProvider(browser, acs, fields)).status).toBe(303)
    expect((await postFromProvider(browser, acs, fields)).status).toBe(401)
  })

  test('does not serve a second request of the same browser', async () => {
    const web = await startSamlWeb()
    const browser = web.browser()
    const fields = responseFields(web, await startJourney(browser), many)
    expect((await postFromProvider(browser, acs, fields)).status).toBe(303)
    const { relayState } = await startJourney(web.browser())
    const again = await postFromProvider(browser, acs, { ...fields, RelayState: relayState })
    expect(again.status).toBe(401)
  })
})
