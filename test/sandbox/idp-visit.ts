import { randomBytes } from 'node:crypto'
import { demoUsers } from '../../sandbox/saml-idp/demo-users.ts'
import { type SamlIdp, startSamlIdp } from '../../sandbox/saml-idp/saml-idp.ts'
import { readMetadata } from '../../src/identity/saml/metadata-reader.ts'
import type { OutgoingMessage } from '../../src/identity/saml/outgoing-message.ts'
import {
  createSamlServiceProvider,
  type SamlServiceProvider,
} from '../../src/identity/saml/saml-service-provider.ts'
import type { SamlSettings } from '../../src/identity/saml/saml-settings.ts'
import { testSettings } from '../support/saml/core-target.ts'
import { fieldOf, FormBrowser, type Page } from '../support/saml/form-browser.ts'
import { memoryClaims, memoryStates } from '../support/saml/memory-stores.ts'

interface Posted {
  readonly SAMLResponse: string
  readonly RelayState: string | undefined
  readonly browserNonce: string
}

/** A browser between the sandbox's identity provider and Postern's service provider. */
export interface Visit {
  readonly serviceProvider: SamlServiceProvider
  readonly browser: FormBrowser
  readonly browserNonce: string
  readonly carry: (message: OutgoingMessage | undefined) => Promise<Page>
  /** Chooses somebody, if asked, and gives what the form would post to the service provider. */
  readonly choose: (page: Page, name: string) => Promise<Posted>
  readonly signIn: (name: string) => Promise<Posted>
}

/** The identity provider, with Postern's service provider in its list, and AWS's audience for it. */
export async function startIdpFor(
  settings: SamlSettings,
  more: Parameters<typeof startSamlIdp>[0] = {},
): Promise<SamlIdp> {
  const { serviceProvider } = serviceProviderFor(settings, () => '')
  const metadata = serviceProvider.metadata()
  const audiences = ['urn:amazon:webservices']
  return await startSamlIdp({
    serviceProviders: [{ label: 'Postern', metadata, audiences }],
    users: demoUsers,
    ...more,
  })
}

export function idpSettings(more: Partial<SamlSettings> = {}): SamlSettings {
  const settings = testSettings({ idpInitiated: { landings: ['/console'] }, ...more })
  const names = { name: ['username'], displayName: ['displayName'], email: ['email'] }
  return { ...settings, attributes: { ...settings.attributes, ...names } }
}

function serviceProviderFor(
  settings: SamlSettings,
  metadata: () => string,
): { serviceProvider: SamlServiceProvider } {
  const reading = { entityId: undefined, signedBy: [], now: new Date() }
  let provider: ReturnType<typeof readMetadata> | undefined
  const serviceProvider = createSamlServiceProvider({
    settings,
    identityProvider: () => (provider ??= readMetadata(metadata(), reading)),
    claims: memoryClaims(),
    states: memoryStates(),
    effects: { now: () => new Date(), randomBytes },
  })
  return { serviceProvider }
}

export function visit(
  idp: Pick<SamlIdp, 'url' | 'metadata'>,
  settings: SamlSettings = idpSettings(),
): Visit {
  const { serviceProvider } = serviceProviderFor(settings, () => idp.metadata)
  const browser = new FormBrowser(idp.url)
  const browserNonce = randomBytes(16).toString('hex')
  const carry = async (message: OutgoingMessage | undefined): Promise<Page> => {
    if (message === undefined) throw new Error('there is no message to carry')
    return message.binding === 'redirect'
      ? await browser.get(message.url)
      : await browser.post(message.url, message.fields)
  }
  const choose = async (page: Page, name: string): Promise<Posted> => {
    const pending = fieldOf(page, 'pending')
    const after =
      pending === undefined
        ? page
        : await browser.post(`${idp.url}/sign-in`, { user: name, pending })
    const SAMLResponse = fieldOf(after, 'SAMLResponse')
    if (SAMLResponse === undefined) throw new Error(`no response on ${after.url}: ${after.body}`)
    return { SAMLResponse, RelayState: fieldOf(after, 'RelayState'), browserNonce }
  }
  const signIn = async (name: string): Promise<Posted> =>
    await choose(await carry(await serviceProvider.startSignIn({ browserNonce, carry: '/' })), name)
  return { serviceProvider, browser, browserNonce, carry, choose, signIn }
}
