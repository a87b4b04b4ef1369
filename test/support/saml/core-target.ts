import { randomBytes } from 'node:crypto'
import type { IdentityProvider } from '../../../src/identity/saml/identity-provider.ts'
import {
  createSamlServiceProvider,
  type SamlServiceProvider,
} from '../../../src/identity/saml/saml-service-provider.ts'
import { SamlRefusal } from '../../../src/identity/saml/saml-refusal.ts'
import { samlDefaults, type SamlSettings } from '../../../src/identity/saml/saml-settings.ts'
import { readRequest } from './read-request.ts'
import { memoryClaims, memoryStates } from './memory-stores.ts'
import { samlCast } from './saml-cast.ts'
import type { Profile, Target } from './saml-target.ts'

export const acsUrl = 'https://broker.example/saml/corp/acs'
export const spEntityId = 'https://broker.example/saml/corp/metadata'
export const logoutUrl = 'https://broker.example/saml/corp/logout'
export const idpEntityId = 'https://idp.example/entity'

export const profileSettings: Readonly<Record<Profile, Partial<SamlSettings>>> = {
  plain: {},
  'idp-initiated': { idpInitiated: { landings: ['/console'] } },
  sha1: { allowSha1: true },
  both: { signed: 'both' },
  'no-key': { keys: { signing: [], decryption: [], alsoPublish: [] } },
  force: { forceAuthn: true },
  context: { authnContexts: ['urn:oasis:names:tc:SAML:2.0:ac:classes:X509'] },
}

export function testSettings(more: Partial<SamlSettings> = {}): SamlSettings {
  const { decryption, serviceProvider } = samlCast()
  return {
    ...samlDefaults,
    method: 'corp',
    spEntityId,
    acsUrl,
    logoutUrl,
    keys: { signing: [serviceProvider], decryption: [decryption], alsoPublish: [] },
    attributes: { ...samlDefaults.attributes, groups: ['groups'], email: ['email'] },
    ...more,
  }
}

export function testProvider(more: Partial<IdentityProvider> = {}): IdentityProvider {
  const { idp, nextIdp } = samlCast()
  return {
    entityId: idpEntityId,
    certificates: [nextIdp.certificate, idp.certificate],
    signIn: [
      { binding: 'redirect', location: 'https://idp.example/sso', responseLocation: undefined },
      { binding: 'post', location: 'https://idp.example/sso', responseLocation: undefined },
    ],
    logout: [
      { binding: 'redirect', location: 'https://idp.example/slo', responseLocation: undefined },
      { binding: 'post', location: 'https://idp.example/slo', responseLocation: undefined },
    ],
    validUntil: undefined,
    ...more,
  }
}

/** A service provider with stores of its own and a clock that can be moved. */
export interface CoreTarget extends Target {
  readonly serviceProvider: SamlServiceProvider
  /** Milliseconds that the clock is ahead. */
  ahead: number
}

/** The core as a target; with `share`, a second process on the same stores. */
export function coreTarget(
  settings: Partial<SamlSettings> = {},
  provider: Partial<IdentityProvider> = {},
  stores = { claims: memoryClaims(), states: memoryStates() },
): CoreTarget {
  const identityProvider = testProvider(provider)
  const now = () => Date.now() + target.ahead
  const serviceProvider = createSamlServiceProvider({
    settings: testSettings(settings),
    identityProvider: () => identityProvider,
    ...stores,
    effects: { now: () => new Date(now()), randomBytes },
  })
  const target: CoreTarget = {
    serviceProvider,
    ahead: 0,
    audience: spEntityId,
    recipient: settings.acsUrl ?? acsUrl,
    issuer: identityProvider.entityId,
    now,
    async begin() {
      const browser = randomBytes(16).toString('base64url')
      const message = await serviceProvider.startSignIn({ browserNonce: browser, carry: '/roles' })
      if (message.binding !== 'redirect') throw new Error('expected a redirect')
      const relayState = new URL(message.url).searchParams.get('RelayState') ?? ''
      const { requestId } = readRequest(message.url)
      return { requestId, relayState, browser }
    },
    async post({ SAMLResponse, RelayState }, browserNonce) {
      try {
        const posted = { SAMLResponse, RelayState, browserNonce }
        const { claims, landing } = await serviceProvider.acceptResponse(posted)
        return {
          outcome: 'signed-in',
          person: claims.id,
          ...(landing !== undefined && { landing }),
        }
      } catch (error) {
        if (!(error instanceof SamlRefusal)) throw error
        return { outcome: 'refused', code: error.refusal, message: error.message }
      }
    },
  }
  return target
}

export function profileTarget(profile: Profile): CoreTarget {
  return coreTarget(profileSettings[profile])
}
