import type { Reply } from '../http/reply.ts'
import type { IdpUser } from './demo-users.ts'
import { entityIdOf, type IdpEnvironment } from './idp-environment.ts'
import { idpCookie, type IdpSession } from './idp-session.ts'
import { nameIdFor } from './name-id.ts'
import { postPage } from './pages.ts'
import type { PendingSignOn } from './pending-sign-on.ts'
import { refusalXml, type ResponseHead, responseXml } from './response-xml.ts'
import type { KnownServiceProvider } from './service-providers.ts'
import { signXml } from './sign-xml.ts'
import { userAttributes } from './user-attributes.ts'

const CONTEXTS = [
  'urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport',
  'urn:oasis:names:tc:SAML:2.0:ac:classes:Password',
]

/** Tells a service provider who is signed in, and remembers that it was told. */
export function signOn(
  environment: IdpEnvironment,
  pending: PendingSignOn,
  provider: KnownServiceProvider,
  { user, session }: { readonly user: IdpUser; readonly session: IdpSession },
): Reply {
  const nameId = nameIdFor(user, pending.nameIdFormat)
  const { contexts, relayState } = pending
  const context =
    contexts.length === 0 ? CONTEXTS[0] : contexts.find((one) => CONTEXTS.includes(one))
  if (nameId === undefined) return refuseSignOn(environment, pending, 'InvalidNameIDPolicy')
  if (context === undefined) return refuseSignOn(environment, pending, 'NoAuthnContext')
  const xml = responseXml(headOf(environment, pending), {
    nameId,
    audiences: [provider.entityId, ...provider.audiences],
    sessionIndex: session.sessionIndex,
    authenticatedAt: session.startedAt,
    sessionEnds: session.endsAt,
    context,
    attributes: userAttributes(user),
  })
  const value = Buffer.from(signed(xml, environment)).toString('base64')
  const others = session.parties.filter(({ entityId }) => entityId !== provider.entityId)
  const parties = [...others, { entityId: provider.entityId, nameId }]
  const cookie = { 'set-cookie': idpCookie(environment.seal, { ...session, parties }) }
  return postPage(pending.consumer, 'SAMLResponse', value, relayState, cookie)
}

/** Tells a service provider that it won't be told, with a second-level status of SAML core §3.2.2.2. */
export function refuseSignOn(
  environment: IdpEnvironment,
  pending: PendingSignOn,
  status: 'NoPassive' | 'InvalidNameIDPolicy' | 'NoAuthnContext',
): Reply {
  const first = status === 'InvalidNameIDPolicy' ? 'Requester' : 'Responder'
  const xml = refusalXml(headOf(environment, pending), first, status)
  const value = Buffer.from(signXml(xml, 'Response', environment.key)).toString('base64')
  return postPage(pending.consumer, 'SAMLResponse', value, pending.relayState)
}

function headOf(environment: IdpEnvironment, pending: PendingSignOn): ResponseHead {
  return {
    issuer: entityIdOf(environment),
    destination: pending.consumer,
    inResponseTo: pending.requestId,
    now: environment.now().getTime(),
  }
}

/** The assertion first: a signature around it has to cover its own. */
function signed(xml: string, { key, signs }: IdpEnvironment): string {
  const inner = signs === 'response' ? xml : signXml(xml, 'Assertion', key)
  return signs === 'assertion' ? inner : signXml(inner, 'Response', key)
}
