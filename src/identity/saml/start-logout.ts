import type { Effects } from '../../effects.ts'
import { endpointFor, type IdentityProvider } from './identity-provider.ts'
import { logoutRequestText } from './message-text.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { PendingMessages } from './pending-messages.ts'
import { randomId, randomRelayState } from './random-id.ts'
import type { SamlSession } from './saml-session.ts'
import type { SamlSettings } from './saml-settings.ts'
import { sendMessage } from './send-message.ts'

/** A logout to start. */
export interface LogoutOrder {
  readonly session: SamlSession
  readonly browserNonce: string
  /** What comes back with the answer; opaque here. */
  readonly carry: string
}

/** With what a logout is started. */
export interface LogoutStarter {
  readonly settings: SamlSettings
  readonly provider: IdentityProvider
  readonly pending: PendingMessages
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/**
 * A signed LogoutRequest for the browser to carry (SAML profiles §4.4.3.2). Undefined when the provider has no logout or
 * we have no key to sign with: the session here then ends, and the one at the provider lasts.
 */
export async function startLogout(
  { session, browserNonce, carry }: LogoutOrder,
  { settings, provider, pending, effects }: LogoutStarter,
): Promise<OutgoingMessage | undefined> {
  const endpoint = endpointFor(provider.logout, undefined)
  const [key] = settings.keys.signing
  if (!endpoint || !key) return undefined
  const now = effects.now().getTime()
  const requestId = randomId(effects.randomBytes)
  const relayState = randomRelayState(effects.randomBytes)
  const header = {
    id: requestId,
    issuedAt: now,
    issuer: settings.spEntityId,
    destination: endpoint.location,
  }
  const text = logoutRequestText(header, session.nameId, session.sessionIndex)
  const waiting = { kind: 'logout', requestId, sentAt: now, forceAuthn: false, carry } as const
  await pending.put(relayState, browserNonce, waiting, now)
  const { location: url, binding } = endpoint
  return sendMessage({ field: 'SAMLRequest', text, url, binding, relayState, key })
}
