import type { Effects } from '../../effects.ts'
import type { ClaimStore } from '../claim-store.ts'
import { checkIssueInstant } from './check-message-head.ts'
import { readStatus } from './check-status.ts'
import { type NameId, readNameId } from './check-subject.ts'
import { claimOnce } from './claim-once.ts'
import { endpointFor, type IdentityProvider, type SamlBinding } from './identity-provider.ts'
import { logoutResponseText } from './message-text.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import type { PendingMessages } from './pending-messages.ts'
import { randomId } from './random-id.ts'
import { type IncomingMessage, readLogoutMessage } from './read-logout-message.ts'
import { requireInstant } from './saml-instant.ts'
import { protocolNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import type { SamlSettings } from './saml-settings.ts'
import { sendMessage } from './send-message.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/** What came to our logout address. */
export type LogoutOutcome =
  | {
      /** The provider wants sessions ended. */
      readonly kind: 'request'
      readonly nameId: NameId
      /** Which of the person's sessions; none means all. */
      readonly sessionIndexes: readonly string[]
      /** The answer for the browser to carry; undefined when there is no address or no key for it. */
      readonly reply: (success: boolean) => OutgoingMessage | undefined
    }
  | {
      /** The provider answers a logout of ours. */
      readonly kind: 'response'
      readonly success: boolean
      readonly carry: string
    }

/** With what a logout message is accepted. */
export interface LogoutAcceptor {
  readonly settings: SamlSettings
  readonly provider: IdentityProvider
  readonly pending: PendingMessages
  readonly claims: ClaimStore
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
}

/** Accepts a logout message, each one once. Throws SamlRefusal, or StateUnavailable when nobody can tell. */
export async function acceptLogout(
  incoming: IncomingMessage,
  browserNonce: string | undefined,
  acceptor: LogoutAcceptor,
): Promise<LogoutOutcome> {
  const { settings, provider, effects } = acceptor
  const now = effects.now().getTime()
  const head = {
    issuer: provider.entityId,
    destination: settings.logoutUrl,
    now,
    skew: settings.clockSkewSeconds * 1000,
    maxAge: settings.maxAgeSeconds * 1000,
  }
  const { kind, message, relayState } = readLogoutMessage(
    incoming,
    head,
    provider.certificates,
    settings,
  )
  if (kind === 'LogoutResponse')
    return acceptAnswer(message, relayState, browserNonce, now, acceptor)

  const id = attributeOf(message, 'ID') ?? refuse('saml_id', 'Found: none on LogoutRequest.')
  const end = attributeOf(message, 'NotOnOrAfter')
  if (end !== undefined && requireInstant(end, 'NotOnOrAfter') <= now - head.skew)
    refuse('saml_expired')
  const nameId = readNameId(message)
  const sessionIndexes = childrenOf(message, protocolNs, 'SessionIndex').map(({ text }) => text)
  const until = checkIssueInstant(message, head) + head.maxAge + head.skew
  await claimOnce(acceptor.claims, 'saml-logout', settings.method, id, until)
  const reply = (success: boolean) => answer(id, success, relayState, incoming.binding, acceptor)
  return { kind: 'request', nameId, sessionIndexes, reply }
}

async function acceptAnswer(
  message: XmlElement,
  relayState: string | undefined,
  browserNonce: string | undefined,
  now: number,
  { pending }: LogoutAcceptor,
): Promise<LogoutOutcome> {
  const waiting =
    relayState !== undefined && browserNonce !== undefined
      ? await pending.take(relayState, browserNonce, 'logout', now)
      : undefined
  if (!waiting) refuse('saml_unsolicited', 'Found: an answer to no logout of this browser.')
  if (attributeOf(message, 'InResponseTo') !== waiting.requestId) refuse('saml_in_response_to')
  return { kind: 'response', success: readStatus(message).success, carry: waiting.carry }
}

function answer(
  inResponseTo: string,
  success: boolean,
  relayState: string | undefined,
  cameBy: SamlBinding,
  { settings, provider, effects }: LogoutAcceptor,
): OutgoingMessage | undefined {
  const endpoint = endpointFor(provider.logout, cameBy) ?? endpointFor(provider.logout, undefined)
  const [key] = settings.keys.signing
  if (!endpoint || !key) return undefined
  const url = endpoint.responseLocation ?? endpoint.location
  const header = {
    id: randomId(effects.randomBytes),
    issuedAt: effects.now().getTime(),
    issuer: settings.spEntityId,
    destination: url,
  }
  const text = logoutResponseText(header, inResponseTo, success)
  const { binding } = endpoint
  return sendMessage({ field: 'SAMLResponse', text, url, binding, relayState, key })
}
