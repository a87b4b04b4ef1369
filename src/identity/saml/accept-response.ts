import type { Effects } from '../../effects.ts'
import type { ClaimStore } from '../claim-store.ts'
import { claimOnce } from './claim-once.ts'
import { decodePosted, requireField } from './decode-message.ts'
import type { IdentityProvider } from './identity-provider.ts'
import type { PendingMessage, PendingMessages } from './pending-messages.ts'
import { readClaims, type SamlClaims } from './saml-claims.ts'
import type { SamlLibrary } from './saml-library.ts'
import { refuse } from './saml-refusal.ts'
import type { SamlSession } from './saml-session.ts'
import type { SamlSettings } from './saml-settings.ts'
import { verifyResponse } from './verify-response.ts'

/** What was posted to the assertion consumer service, as it came. */
export interface PostedResponse {
  readonly SAMLResponse: unknown
  readonly RelayState: unknown
  /** The value of the browser's own sign-in cookie, or undefined when it sent none. */
  readonly browserNonce: string | undefined
}

/** Somebody signed in. */
export interface SamlSignIn {
  readonly claims: SamlClaims
  /** What was handed to `startSignIn`; undefined when the provider started it. */
  readonly carry: string | undefined
  /** Where a sign-in that the provider started should land: one of the configured paths. */
  readonly landing: string | undefined
  /** Milliseconds since the epoch. */
  readonly authenticatedAt: number
  /** IssueInstant of the assertion, milliseconds since the epoch. */
  readonly issuedAt: number
  /** What a logout needs, and when the session at the provider ends. */
  readonly session: SamlSession
}

/** With what a response is accepted. */
export interface Acceptor {
  readonly settings: SamlSettings
  readonly provider: IdentityProvider
  readonly library: SamlLibrary
  readonly pending: PendingMessages
  readonly claims: ClaimStore
  readonly now: Effects['now']
}

/**
 * Accepts a posted response, or throws SamlRefusal (StateUnavailable when one-time use can't be decided). A request that
 * waits is used up by the first response that names it, good or bad, before any XML is read: whoever wants to try
 * something needs a sign-in of their own for each try.
 */
export async function acceptResponse(
  posted: PostedResponse,
  acceptor: Acceptor,
): Promise<SamlSignIn> {
  const { settings, provider, claims, library } = acceptor
  const encoded = requireField(posted.SAMLResponse, 'SAMLResponse')
  const now = acceptor.now().getTime()
  const { pending, landing } = await findRequest(posted, acceptor, now)
  const text = decodePosted(encoded, settings.maxBytes)
  const skew = settings.clockSkewSeconds * 1000
  const assertion = await verifyResponse(
    text,
    {
      issuer: provider.entityId,
      audience: settings.spEntityId,
      recipient: settings.acsUrl,
      requestId: pending?.requestId,
      authenticatedAfter: pending?.forceAuthn ? pending.sentAt : undefined,
      authnContexts: settings.authnContexts,
      now,
      skew,
      maxAge: settings.maxAgeSeconds * 1000,
    },
    { settings, certificates: provider.certificates, library },
  )
  const who = readClaims(assertion, settings.attributes)
  const until = assertion.acceptableUntil
  await Promise.all([
    pending && claimOnce(claims, 'saml-request', settings.method, pending.requestId, until),
    claimOnce(claims, 'saml-assertion', settings.method, assertion.id, until),
  ])
  const { authenticatedAt, sessionIndex, sessionEndsAt } = assertion.authn
  return {
    claims: who,
    carry: pending?.carry,
    landing,
    authenticatedAt,
    issuedAt: assertion.issuedAt,
    session: { nameId: assertion.nameId, sessionIndex, endsAt: sessionEndsAt },
  }
}

async function findRequest(
  { RelayState, browserNonce }: PostedResponse,
  { settings, pending }: Acceptor,
  now: number,
): Promise<{ pending: PendingMessage | undefined; landing: string | undefined }> {
  const sent = RelayState !== undefined && RelayState !== ''
  const relayState = sent ? requireField(RelayState, 'RelayState') : ''
  if (relayState !== '' && browserNonce !== undefined) {
    const found = await pending.take(relayState, browserNonce, 'sign-in', now)
    if (found) return { pending: found, landing: undefined }
  }
  if (!settings.idpInitiated) refuse('saml_unsolicited')
  const landing = settings.idpInitiated.landings.find((path) => path === relayState)
  return { pending: undefined, landing }
}
