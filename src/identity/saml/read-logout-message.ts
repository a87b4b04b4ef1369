import { checkMessageHead, type MessageHead } from './check-message-head.ts'
import { decodePosted, decodeRedirected, requireField } from './decode-message.ts'
import { checkMessageShape } from './message-shape.ts'
import { protocolNs } from './saml-names.ts'
import { asRefusal, refuse } from './saml-refusal.ts'
import type { SamlSettings } from './saml-settings.ts'
import { verifyEnveloped } from './verify-enveloped.ts'
import { verifyRedirect } from './verify-redirect.ts'
import { readXml } from './xml/read-xml.ts'
import { isElement, type XmlElement } from './xml/xml-element.ts'

/** A message that came to our logout address. */
export type IncomingMessage =
  | {
      readonly binding: 'redirect'
      /** The query as it came, nothing decoded: the signature is over its octets. */
      readonly rawQuery: string
    }
  | {
      readonly binding: 'post'
      readonly SAMLRequest: unknown
      readonly SAMLResponse: unknown
      readonly RelayState: unknown
    }

/** A logout message whose signature was verified; `message` was read from the bytes that it covers. */
export interface VerifiedLogoutMessage {
  readonly kind: 'LogoutRequest' | 'LogoutResponse'
  readonly message: XmlElement
  readonly relayState: string | undefined
}

/**
 * Reads a LogoutRequest or LogoutResponse and verifies its signature, which is required in both bindings (SAML profiles
 * §4.4.4). Throws SamlRefusal.
 */
export function readLogoutMessage(
  incoming: IncomingMessage,
  head: MessageHead,
  certificates: readonly string[],
  settings: SamlSettings,
): VerifiedLogoutMessage {
  try {
    const { field, message, relayState } =
      incoming.binding === 'redirect'
        ? readRedirected(incoming.rawQuery, certificates, settings)
        : readPosted(incoming, certificates, settings)
    const kind = field === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse'
    if (!isElement(message, protocolNs, kind))
      refuse('saml_structure', `Found: ${message.localName} instead of a ${kind}.`)
    checkMessageHead(message, head)
    return { kind, message, relayState }
  } catch (error) {
    throw asRefusal(error)
  }
}

interface Read {
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly message: XmlElement
  readonly relayState: string | undefined
}

function readRedirected(
  rawQuery: string,
  certificates: readonly string[],
  settings: SamlSettings,
): Read {
  if (rawQuery.length > 4 * settings.maxBytes) refuse('saml_too_large')
  const { field, encoded, relayState } = verifyRedirect(rawQuery, certificates, settings)
  const message = readXml(decodeRedirected(encoded, settings.maxBytes))
  checkMessageShape(message)
  return { field, message, relayState }
}

function readPosted(
  posted: IncomingMessage & { binding: 'post' },
  certificates: readonly string[],
  settings: SamlSettings,
): Read {
  const field = posted.SAMLRequest === undefined ? 'SAMLResponse' : 'SAMLRequest'
  if (posted.SAMLRequest !== undefined && posted.SAMLResponse !== undefined)
    refuse('saml_field', 'Found: both SAMLRequest and SAMLResponse.')
  const text = decodePosted(requireField(posted[field], field), settings.maxBytes)
  const root = readXml(text)
  checkMessageShape(root)
  const message = verifyEnveloped(text, root, certificates, settings)
  const sent = posted.RelayState !== undefined && posted.RelayState !== ''
  const relayState = sent ? requireField(posted.RelayState, 'RelayState') : undefined
  return { field, message, relayState }
}
