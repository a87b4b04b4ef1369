import { sign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { redirectReply, type Reply } from '../http/reply.ts'
import { RSA_SHA256 } from '../saml/names.ts'
import { postPage } from './pages.ts'
import { signXml } from './sign-xml.ts'
import type { SigningKey } from './signing-key.ts'

/** A logout message, for a browser to carry. */
export interface OutgoingMessage {
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly binding: 'redirect' | 'post'
  readonly to: string
  readonly xml: string
  readonly relayState: string | undefined
  readonly key: SigningKey
  readonly headers: Readonly<Record<string, string>>
}

/** Signs and sends: in the query (SAML bindings §3.4.4.1), or in a form that submits itself. */
export function sendMessage(message: OutgoingMessage): Reply {
  const { field, binding, to, xml, relayState, key, headers } = message
  if (binding === 'post') {
    const element = field === 'SAMLRequest' ? 'LogoutRequest' : 'LogoutResponse'
    const value = Buffer.from(signXml(xml, element, key)).toString('base64')
    return postPage(to, field, value, relayState, headers)
  }
  const pairs: (readonly [string, string])[] = [
    [field, deflateRawSync(xml).toString('base64')],
    ...(relayState === undefined ? [] : ([['RelayState', relayState]] as const)),
    ['SigAlg', RSA_SHA256],
  ]
  const query = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')
  const signature = sign('sha256', Buffer.from(query), key.privateKey).toString('base64')
  const separator = to.includes('?') ? '&' : '?'
  return redirectReply(
    `${to}${separator}${query}&Signature=${encodeURIComponent(signature)}`,
    headers,
  )
}
