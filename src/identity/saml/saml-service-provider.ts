import type { Effects } from '../../effects.ts'
import { ProviderUnavailable } from '../../errors.ts'
import type { ClaimStore } from '../claim-store.ts'
import type { SignInStateStore } from '../sign-in-state-store.ts'
import { acceptLogout, type LogoutOutcome } from './accept-logout.ts'
import { acceptResponse, type PostedResponse, type SamlSignIn } from './accept-response.ts'
import type { IdentityProvider } from './identity-provider.ts'
import { MetadataFault } from './metadata-fault.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { pendingMessages } from './pending-messages.ts'
import type { IncomingMessage } from './read-logout-message.ts'
import { SamlLibrary } from './saml-library.ts'
import type { SamlSettings } from './saml-settings.ts'
import { serviceProviderMetadata } from './service-provider-metadata.ts'
import { type LogoutOrder, startLogout } from './start-logout.ts'
import { type SignInOrder, startSignIn } from './start-sign-in.ts'

/**
 * The SAML service provider for one sign-in method. What it refuses it throws as SamlRefusal; it throws
 * ProviderUnavailable while no valid metadata is known.
 */
export interface SamlServiceProvider {
  startSignIn(order: SignInOrder): Promise<OutgoingMessage>
  acceptResponse(posted: PostedResponse): Promise<SamlSignIn>
  /** Undefined when the session at the provider can't be ended from here. */
  startLogout(order: LogoutOrder): Promise<OutgoingMessage | undefined>
  acceptLogout(incoming: IncomingMessage, browserNonce: string | undefined): Promise<LogoutOutcome>
  /** Our metadata for the provider, as XML. */
  metadata(): string
}

/** What a service provider is made of. */
export interface SamlParts {
  readonly settings: SamlSettings
  /** What is known of the provider now; asked anew each time, since metadata changes. */
  readonly identityProvider: () => IdentityProvider
  readonly claims: ClaimStore
  readonly states: SignInStateStore
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/** Composes the service provider; the library is set up anew whenever the provider's metadata has changed. */
export function createSamlServiceProvider(parts: SamlParts): SamlServiceProvider {
  const { settings, identityProvider, claims, states, effects } = parts
  const pending = pendingMessages(states, settings.method, settings.requestLifetimeSeconds)
  let current: { provider: IdentityProvider; library: SamlLibrary } | undefined

  function atHand() {
    const provider = known()
    if (current?.provider !== provider)
      current = { provider, library: new SamlLibrary(settings, provider) }
    return { settings, pending, claims, effects, now: effects.now, ...current }
  }

  function known(): IdentityProvider {
    try {
      return identityProvider()
    } catch (error) {
      throw asUnavailable(error)
    }
  }

  return {
    startSignIn: async (order) => startSignIn(order, atHand()),
    acceptResponse: async (posted) => acceptResponse(posted, atHand()),
    startLogout: async (order) => startLogout(order, atHand()),
    acceptLogout: async (incoming, browserNonce) => acceptLogout(incoming, browserNonce, atHand()),
    metadata: () => serviceProviderMetadata(settings, effects.now()),
  }
}

function asUnavailable(error: unknown): unknown {
  if (!(error instanceof MetadataFault)) return error
  return new ProviderUnavailable(
    'Postern knows nothing valid of this identity provider at the moment. Sign in another way, or try again later; whoever runs Postern finds the reason in its log.',
    { detail: error.message, cause: error },
  )
}
