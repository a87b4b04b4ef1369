import type { IdentityProvider } from '../../../src/identity/saml/identity-provider.ts'
import type { SamlMethod } from '../../../src/identity/saml/saml-method.ts'
import { createSamlServiceProvider } from '../../../src/identity/saml/saml-service-provider.ts'
import type { SamlSettings } from '../../../src/identity/saml/saml-settings.ts'
import type { State } from '../../../src/state/open-state.ts'
import type { Answer, Browser } from '../browser.ts'
import { startWeb, type WebApp, type WebOptions } from '../web-app.ts'
import { profileSettings, testProvider, testSettings } from './core-target.ts'
import { readRequest } from './read-request.ts'
import type { Outcome, PostedFields, Profile, Target } from './saml-target.ts'

export interface SamlWebOptions extends WebOptions {
  readonly saml?: Partial<SamlSettings>
  /** What is known of the provider, or what throws because nothing is. */
  readonly provider?: Partial<IdentityProvider> | (() => never)
  readonly stores?: (state: State) => Pick<State, 'claims' | 'signInStates'>
  readonly method?: Partial<SamlMethod>
}

/** The web face with a SAML method, `corp`, beside the local one. Its provider is whoever holds the keys of the cast. */
export async function startSamlWeb(options: SamlWebOptions = {}): Promise<WebApp> {
  const web = await startWeb({
    ...options,
    dependencies: (built, web) => ({
      saml: [samlMethod(options, built.settings.publicUrl.origin, web)],
      signInOrder: ['corp', 'local'],
      ...options.dependencies?.(built, web),
    }),
  })
  // The library knows no clock but the machine's.
  web.now = Date.now()
  return web
}

function samlMethod(options: SamlWebOptions, origin: string, web: WebApp): SamlMethod {
  const base = `${origin}/saml/corp`
  const settings = testSettings({
    spEntityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    logoutUrl: `${base}/logout`,
    ...options.saml,
  })
  const { provider = {}, stores = (state: State) => state } = options
  const isClosed = typeof provider === 'function'
  const known = testProvider(isClosed ? {} : provider)
  const { claims, signInStates: states } = stores(web.state)
  return {
    id: 'corp',
    label: 'Corporate SSO',
    people: 'staff',
    serviceProvider: createSamlServiceProvider({
      settings,
      identityProvider: isClosed ? provider : () => known,
      claims,
      states,
      effects: web.effects,
    }),
    maxBytes: settings.maxBytes,
    requestLifetimeSeconds: settings.requestLifetimeSeconds,
    signsOutThere: true,
    provider: () => (isClosed ? undefined : known),
    ...options.method,
  }
}

/** The name of the cookie that binds a browser's journey, over http. */
export const journeyCookie = 'postern-journey'

/** Follows the sign-in link; the browser then waits for an answer to the request. */
export async function startJourney(browser: Browser, query = '') {
  const answer = await browser.get(`/sign-in/corp${query}`)
  if (answer.location === undefined) throw new Error(`no redirect: ${answer.status} ${answer.text}`)
  const relayState = new URL(answer.location).searchParams.get('RelayState') ?? ''
  const { requestId } = readRequest(answer.location)
  return { requestId, relayState, browser: browser.cookies.get(journeyCookie) ?? '' }
}

/** What a browser says of a form that another site's page sends here. */
const crossSite = {
  origin: 'https://idp.example',
  'sec-fetch-site': 'cross-site',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'content-type': 'application/x-www-form-urlencoded',
}

/** Posts a form from the provider's page. Of our cookies only the journey's comes along, as browsers have it over https. */
export async function postFromProvider(
  browser: Browser,
  path: string,
  fields: PostedFields,
): Promise<Answer> {
  const kept = [...browser.cookies]
  for (const [name] of kept) if (name !== journeyCookie) browser.cookies.delete(name)
  const sent = new Set(browser.cookies.keys())
  const answer = await browser.send('POST', path, { headers: crossSite, body: encoded(fields) })
  for (const [name, value] of kept)
    if (!sent.has(name) && !browser.cookies.has(name)) browser.cookies.set(name, value)
  return answer
}

function encoded(fields: PostedFields): string {
  const pairs = Object.entries(fields).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return []
    if (Array.isArray(value)) return value.map((item: unknown) => [name, item])
    if (typeof value === 'object' && value !== null)
      return Object.entries(value).map(([key, item]) => [`${name}[${key}]`, item])
    return [[name, value]]
  })
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString()
}

/** The server over HTTP as a target of the attack catalogue. */
export function webTarget(web: WebApp): Target {
  const base = `${web.origin}/saml/corp`
  return {
    audience: `${base}/metadata`,
    recipient: `${base}/acs`,
    issuer: testProvider().entityId,
    now: () => web.now,
    begin: () => startJourney(web.browser()),
    async post(fields, nonce) {
      const browser = web.browser()
      if (nonce !== undefined) browser.cookies.set(journeyCookie, nonce)
      return outcomeOf(web, await postFromProvider(browser, '/saml/corp/acs', fields))
    },
  }
}

function outcomeOf(web: WebApp, answer: Answer): Outcome {
  const event = web.trail.events.find(
    ({ requestId }) => requestId === answer.headers['x-request-id'],
  )
  if (answer.status === 303 && event?.type === 'signed-in') {
    const { location = '' } = answer
    const landing = location === '/' ? {} : { landing: location }
    return { outcome: 'signed-in', person: event.personId ?? '', ...landing }
  }
  const status = event?.code === 'saml_too_large' ? 413 : 401
  if (answer.status !== status || event?.type !== 'sign-in-refused')
    throw new Error(`neither signed in nor refused: ${answer.status} ${answer.text}`)
  // Which request it was, and when, differ of themselves.
  const message = answer.text
    .replaceAll(event.requestId, '')
    .replace(/<time [^>]*>[^<]*<\/time>/g, '')
  return { outcome: 'refused', code: event.code ?? '', message }
}

/** A server set up as a profile of the catalogue asks. */
export async function profileWeb(profile: Profile): Promise<WebApp> {
  return startSamlWeb({ saml: profileSettings[profile] })
}
