import { describe, expect, test } from 'vitest'
import { ProviderUnavailable, StateUnavailable } from '../../../src/errors.ts'
import { responseFields, signInBySaml } from '../../support/saml/saml-visit.ts'
import { postFromProvider, startJourney, startSamlWeb } from '../../support/saml/web-target.ts'

const acs = '/saml/corp/acs'
const readers = { attributes: { groups: ['readers'] } }
const down = () => Promise.reject(new StateUnavailable('Postern’s database is full.'))

describe('while the database does not serve', () => {
  test.each(['claims', 'states', 'sessions'] as const)(
    'a sign-in is answered with 503, and nobody is let in (%s)',
    async (part) => {
      const power = { on: true }
      const guarded = <Store extends object>(store: Store): Store =>
        new Proxy(store, {
          get: (target, name) => {
            const found: unknown = Reflect.get(target, name)
            return power.on || typeof found !== 'function' ? found : down
          },
        })
      const web = await startSamlWeb({
        stores: (state) => ({
          claims: part === 'claims' ? guarded(state.claims) : state.claims,
          signInStates: part === 'states' ? guarded(state.signInStates) : state.signInStates,
        }),
        dependencies: (built) => ({
          browserSessions:
            part === 'sessions' ? guarded(built.browserSessions) : built.browserSessions,
        }),
      })
      const browser = web.browser()
      const fields = responseFields(web, await startJourney(browser), readers)
      power.on = false
      const answer = await postFromProvider(browser, acs, fields)
      expect(answer.status).toBe(503)
      expect(answer.headers['retry-after']).toBe('30')
      power.on = true
      expect((await browser.get('/')).location).toMatch(/^\/sign-in/)
      expect(await web.state.browserSessions.countLive(web.now)).toBe(0)
    },
  )
})

describe('while the trail can’t be written', () => {
  test('nobody is let in', async () => {
    const web = await startSamlWeb()
    web.trail.failOn.add('signed-in')
    const browser = web.browser()
    expect((await signInBySaml(web, browser, readers)).status).toBe(503)
    expect(browser.cookies.has('postern')).toBe(false)
    expect(await web.state.browserSessions.countLive(web.now)).toBe(0)
  })

  test('a refusal is no refusal yet, but no way in either', async () => {
    const web = await startSamlWeb()
    web.trail.failOn.add('sign-in-refused')
    const browser = web.browser()
    const answer = await signInBySaml(web, browser, { audience: 'https://other.example' })
    expect(answer.status).toBe(503)
    expect(browser.cookies.has('postern')).toBe(false)
  })
})

describe('while nothing valid is known of the provider', () => {
  test('its method says so, its metadata stands, and the others work', async () => {
    const closed = () => {
      throw new ProviderUnavailable('Postern knows nothing valid of this identity provider.')
    }
    const web = await startSamlWeb({ provider: closed })
    const answer = await web.browser().get('/sign-in/corp')
    expect(answer.status).toBe(503)
    expect(answer.text).toContain('That way to sign in is closed for now')
    expect((await web.browser().get('/saml/corp/metadata')).status).toBe(200)
    expect((await (await web.signedIn('bob')).get('/')).status).toBe(200)
  })
})
