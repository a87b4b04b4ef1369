import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { openNetwork } from '../../src/effects.ts'
import type { IdentityProvider } from '../../src/identity/saml/identity-provider.ts'
import { openMetadataSource } from '../../src/identity/saml/metadata-source.ts'
import type { OutgoingMessage } from '../../src/identity/saml/outgoing-message.ts'
import { SamlRefusal } from '../../src/identity/saml/saml-refusal.ts'
import { createSamlServiceProvider } from '../../src/identity/saml/saml-service-provider.ts'
import type { SamlSettings } from '../../src/identity/saml/saml-settings.ts'
import { testSettings } from '../support/saml/core-target.ts'
import { fieldOf, FormBrowser, type Page } from '../support/saml/form-browser.ts'
import { memoryClaims, memoryStates } from '../support/saml/memory-stores.ts'
import { type SimpleSamlPhp, startSimpleSamlPhp } from '../support/saml/simplesamlphp.ts'
import { silentLogger } from '../support/silent-logger.ts'

const installed = existsSync('/usr/share/simplesamlphp/www') && existsSync('/usr/bin/php')
const spOrigin = 'https://broker.example'

let ssp: SimpleSamlPhp
let provider: IdentityProvider
const network = openNetwork()

beforeEach((context) => {
  if (!installed)
    context.skip('SimpleSAMLphp is not installed; install simplesamlphp php-cli php-xml')
})

beforeAll(async () => {
  if (!installed) return
  ssp = await startSimpleSamlPhp(spOrigin)
  const effects = { now: () => new Date(), sleep: () => Promise.resolve(), network }
  const source = await openMetadataSource(
    {
      location: { url: ssp.metadataUrl },
      entityId: undefined,
      signedBy: [],
      copy: undefined,
      refreshSeconds: 3600,
      allowPrivateAddresses: true,
    },
    effects,
    silentLogger,
  )
  provider = source.current()
})

afterAll(async () => {
  if (installed) await ssp.stop()
  await network.close()
})

function visit(profile: string, more: Partial<SamlSettings> = {}) {
  const base = `${spOrigin}/saml/${profile}`
  const settings = testSettings({
    method: profile,
    spEntityId: `${base}/metadata`,
    acsUrl: `${base}/acs`,
    logoutUrl: `${base}/logout`,
    nameIdFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent',
    allowSha1: profile === 'sha1',
    ...more,
  })
  const serviceProvider = createSamlServiceProvider({
    settings: {
      ...settings,
      attributes: { ...settings.attributes, email: ['mail'], displayName: ['displayName'] },
    },
    identityProvider: () => provider,
    claims: memoryClaims(),
    states: memoryStates(),
    effects: { now: () => new Date(), randomBytes },
  })
  const browser = new FormBrowser(ssp.origin)
  const browserNonce = randomBytes(16).toString('hex')

  async function carry(message: OutgoingMessage): Promise<Page> {
    return message.binding === 'redirect'
      ? browser.get(message.url)
      : browser.post(message.url, message.fields)
  }

  /** Types the password, if asked, and comes back with what the form would post to us. */
  async function throughForm(page: Page) {
    const asked = fieldOf(page, 'AuthState')
    const after =
      asked === undefined
        ? page
        : await browser.post(page.url, {
            username: 'alice',
            password: 'alicepassword',
            AuthState: asked,
          })
    const SAMLResponse = fieldOf(after, 'SAMLResponse')
    if (SAMLResponse === undefined) throw new Error(`no response on ${after.url}: ${after.body}`)
    return { SAMLResponse, RelayState: fieldOf(after, 'RelayState'), browserNonce }
  }

  async function signIn() {
    const posted = await throughForm(
      await carry(await serviceProvider.startSignIn({ browserNonce, carry: '/roles' })),
    )
    return { posted, signedIn: await serviceProvider.acceptResponse(posted) }
  }

  return { serviceProvider, browser, browserNonce, carry, throughForm, signIn }
}

describe('SimpleSAMLphp', () => {
  test('describes itself in metadata that we read', () => {
    expect(provider.entityId).toBe(`${ssp.origin}/idp`)
    expect(provider.signIn.map(({ binding }) => binding).sort()).toEqual(['post', 'redirect'])
    expect(provider.logout).not.toEqual([])
  })

  test.each([
    'both',
    'assertion',
    'response',
    'encrypted',
    'encrypted-assertion',
    'sha1',
    'sha512',
    'signed-request',
  ])('signs in with profile %s, and the same response not twice', async (profile) => {
    const { signIn, serviceProvider } = visit(profile)
    const { posted, signedIn } = await signIn()
    expect(signedIn.carry).toBe('/roles')
    expect(signedIn.claims).toMatchObject({
      id: 'alice',
      email: 'alice@corp.example',
      displayName: 'Alice Ünders <&>',
      groups: ['CN=AWS\\, Readers,DC=corp,DC=example', 'aws-dev'],
      awsRoles: [{ roleArn: 'arn:aws:iam::111111111111:role/Admin' }],
    })
    await expect(serviceProvider.acceptResponse(posted)).rejects.toThrow(SamlRefusal)
  })

  test('refuses SHA-1 where it is not allowed', async () => {
    const { signIn } = visit('sha1', { allowSha1: false })
    await expect(signIn()).rejects.toMatchObject({ refusal: 'saml_signature_algorithm' })
  })

  test('takes our request by POST, and asks again with ForceAuthn', async () => {
    const { signIn } = visit('signed-request', { requestBinding: 'post', forceAuthn: true })
    const first = await signIn()
    const second = await signIn()
    expect(second.signedIn.authenticatedAt).toBeGreaterThanOrEqual(first.signedIn.authenticatedAt)
  })

  test('signs in by itself where it may', async () => {
    const url = `${ssp.origin}/simplesaml/saml2/idp/SSOService.php?spentityid=${encodeURIComponent(`${spOrigin}/saml/both/metadata`)}&RelayState=${encodeURIComponent('/console')}`
    const open = visit('both', { idpInitiated: { landings: ['/console'] } })
    const posted = await open.throughForm(await open.browser.get(url))
    const signedIn = await open.serviceProvider.acceptResponse(posted)
    expect(signedIn).toMatchObject({ landing: '/console', carry: undefined })
    await expect(open.serviceProvider.acceptResponse(posted)).rejects.toMatchObject({
      refusal: 'saml_replay',
    })
    const closed = visit('both')
    const again = await closed.throughForm(await closed.browser.get(url))
    await expect(closed.serviceProvider.acceptResponse(again)).rejects.toMatchObject({
      refusal: 'saml_unsolicited',
    })
  })

  test('ends its session when we ask', async () => {
    const { signIn, serviceProvider, browserNonce, carry } = visit('signed-request')
    const { session } = (await signIn()).signedIn
    const message = await serviceProvider.startLogout({ session, browserNonce, carry: 'bye' })
    if (!message) throw new Error('expected a LogoutRequest')
    const back = await carry(message)
    const outcome = await serviceProvider.acceptLogout(
      { binding: 'redirect', rawQuery: new URL(back.url).search.slice(1) },
      browserNonce,
    )
    expect(outcome).toEqual({ kind: 'response', success: true, carry: 'bye' })
  })

  test('asks us to end ours, and takes our answer', async () => {
    const { signIn, serviceProvider, browser, browserNonce, carry } = visit('signed-request')
    const { session } = (await signIn()).signedIn
    const asked = await browser.get(
      `${ssp.origin}/simplesaml/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent('http://127.0.0.1:9/')}`,
    )
    const outcome = await serviceProvider.acceptLogout(
      { binding: 'redirect', rawQuery: new URL(asked.url).search.slice(1) },
      browserNonce,
    )
    if (outcome.kind !== 'request') throw new Error('expected a LogoutRequest')
    expect(outcome.nameId.value).toBe(session.nameId.value)
    expect(outcome.sessionIndexes).toEqual([session.sessionIndex])
    const reply = outcome.reply(true)
    if (!reply) throw new Error('expected a LogoutResponse')
    expect((await carry(reply)).url).toBe('http://127.0.0.1:9/')
  })
})
