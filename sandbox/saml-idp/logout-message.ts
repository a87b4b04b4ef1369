import { attribute, children, isElement, onlyChild, textOf } from '../saml/elements.ts'
import { parseInstant } from '../saml/instant.ts'
import { ASSERTION, PROTOCOL, SUCCESS } from '../saml/names.ts'
import { XmlFault } from '../saml/parse-xml.ts'
import { type IdpEnvironment, IdpRefusal } from './idp-environment.ts'
import { checkHead, issuerOf } from './message-head.ts'
import type { ReceivedMessage } from './received-message.ts'
import type { KnownServiceProvider } from './service-providers.ts'

/** A logout message whose signature holds. */
export type LogoutMessage = { readonly provider: KnownServiceProvider; readonly id: string } & (
  | { readonly kind: 'request'; readonly name: string; readonly sessionIndexes: readonly string[] }
  | { readonly kind: 'response'; readonly inResponseTo: string; readonly success: boolean }
)

/** Reads a LogoutRequest or LogoutResponse, which must be signed (SAML profiles §4.4.4). Throws IdpRefusal. */
export async function readLogoutMessage(
  received: ReceivedMessage,
  { serviceProviders, origin, now }: IdpEnvironment,
): Promise<LogoutMessage> {
  try {
    const known = await serviceProviders.named(issuerOf(received.root))
    const [provider] = known
    if (provider === undefined) throw new IdpRefusal('Nobody here knows this service provider.')
    const message = received.verified(known.flatMap(({ keys }) => keys))
    if (message === undefined) throw new IdpRefusal('A logout message must be signed.')
    const kind = received.field === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse'
    if (!isElement(message, PROTOCOL, kind)) throw new IdpRefusal(`The message is no ${kind}.`)
    const destination = `${origin}/slo`
    const id = checkHead(message, { destination, signed: true, now: now() })
    const about = { provider, id }
    return kind === 'LogoutRequest'
      ? { ...about, ...readRequest(message, now()) }
      : { ...about, ...readResponse(message) }
  } catch (error) {
    if (error instanceof XmlFault)
      throw new IdpRefusal(`The message is malformed: ${error.message}.`)
    throw error
  }
}

function readRequest(
  message: Element,
  now: Date,
): Omit<LogoutMessage & { kind: 'request' }, 'provider' | 'id'> {
  const ends = attribute(message, 'NotOnOrAfter')
  if (ends !== undefined && !((parseInstant(ends) ?? 0) > now.getTime())) {
    throw new IdpRefusal('The request has expired.')
  }
  const nameId = onlyChild(message, ASSERTION, 'NameID')
  if (nameId === undefined) throw new IdpRefusal('The request names nobody.')
  const sessionIndexes = children(message, PROTOCOL, 'SessionIndex').map(textOf)
  return { kind: 'request', name: textOf(nameId), sessionIndexes }
}

function readResponse(
  message: Element,
): Omit<LogoutMessage & { kind: 'response' }, 'provider' | 'id'> {
  const status = onlyChild(message, PROTOCOL, 'Status')
  const code = status && onlyChild(status, PROTOCOL, 'StatusCode')
  return {
    kind: 'response',
    inResponseTo: attribute(message, 'InResponseTo') ?? '',
    success: code !== undefined && attribute(code, 'Value') === SUCCESS,
  }
}
