import type { Effects } from '../../effects.ts'
import { ProviderUnavailable } from '../../errors.ts'
import { buildAuthnRequest } from './authn-request.ts'
import { endpointFor, type IdentityProvider } from './identity-provider.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { PendingMessages } from './pending-messages.ts'
import { randomId, randomRelayState } from './random-id.ts'
import type { SamlSettings } from './saml-settings.ts'

/** A sign-in to start. */
export interface SignInOrder {
  /** The value of the browser's own sign-in cookie: only this browser can finish what it starts. */
  readonly browserNonce: string
  /** What comes back with the sign-in, such as where the visitor was going; opaque here. */
  readonly carry: string
  /** Have the provider ask for the password again, even where it need not. */
  readonly forceAuthn?: boolean
}

/** With what a sign-in is started. */
export interface Starter {
  readonly settings: SamlSettings
  readonly provider: IdentityProvider
  readonly pending: PendingMessages
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/** Starts a sign-in: remembers the request, for this provider and this browser, and returns it for the browser to carry. */
export async function startSignIn(order: SignInOrder, starter: Starter): Promise<OutgoingMessage> {
  const { settings, provider, pending, effects } = starter
  const endpoint = endpointFor(provider.signIn, settings.requestBinding)
  if (!endpoint)
    throw new ProviderUnavailable(
      'This identity provider offers no sign-in of the kind that Postern is set up for. Tell whoever runs Postern.',
      {
        detail: `no SingleSignOnService with the ${settings.requestBinding ?? 'redirect or post'} binding`,
      },
    )
  const requestId = randomId(effects.randomBytes)
  const relayState = randomRelayState(effects.randomBytes)
  const forceAuthn = order.forceAuthn ?? settings.forceAuthn
  const now = effects.now().getTime()
  const message = await buildAuthnRequest(settings, provider, {
    requestId,
    relayState,
    forceAuthn,
    endpoint,
  })
  const { carry } = order
  const waiting = { kind: 'sign-in', requestId, sentAt: now, forceAuthn, carry } as const
  await pending.put(relayState, order.browserNonce, waiting, now)
  return message
}
