import { createSign } from 'node:crypto'
import { deflateRawSync } from 'node:zlib'
import { SignedXml } from 'xml-crypto'
import type { SamlBinding } from './identity-provider.ts'
import type { OutgoingMessage } from './outgoing-message.ts'
import { envelopedSignature, exclusiveC14n, rsaSha256, sha256 } from './saml-names.ts'
import type { SamlKey } from './saml-settings.ts'

/** A message of ours on its way. */
export interface Sending {
  readonly field: 'SAMLRequest' | 'SAMLResponse'
  readonly text: string
  readonly url: string
  readonly binding: SamlBinding
  readonly relayState: string | undefined
  readonly key: SamlKey
}

/** Signs a message with SHA-256 and packs it for its binding. */
export function sendMessage(sending: Sending): OutgoingMessage {
  return sending.binding === 'redirect' ? sendByRedirect(sending) : sendByPost(sending)
}

/** HTTP redirect binding (SAML bindings §3.4.4.1): the signature covers the very octets of the query. */
function sendByRedirect({ field, text, url, relayState, key }: Sending): OutgoingMessage {
  const query = Object.entries({
    [field]: deflateRawSync(text).toString('base64'),
    ...(relayState !== undefined && { RelayState: relayState }),
    SigAlg: rsaSha256,
  })
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&')
  const signature = createSign('RSA-SHA256').update(query).sign(key.privateKey, 'base64')
  const signed = `${query}&Signature=${encodeURIComponent(signature)}`
  return { binding: 'redirect', url: `${url}${url.includes('?') ? '&' : '?'}${signed}` }
}

/** HTTP POST binding (SAML bindings §3.5.4): the signature stands in the message, after its Issuer. */
function sendByPost({ field, text, url, relayState, key }: Sending): OutgoingMessage {
  const signer = new SignedXml({
    privateKey: key.privateKey,
    publicCert: key.certificate,
    signatureAlgorithm: rsaSha256,
    canonicalizationAlgorithm: exclusiveC14n,
  })
  signer.addReference({
    xpath: '/*',
    transforms: [envelopedSignature, exclusiveC14n],
    digestAlgorithm: sha256,
  })
  const reference = "/*/*[local-name(.)='Issuer']"
  signer.computeSignature(text, { prefix: 'ds', location: { reference, action: 'after' } })
  const fields = {
    [field]: Buffer.from(signer.getSignedXml()).toString('base64'),
    ...(relayState !== undefined && { RelayState: relayState }),
  }
  return { binding: 'post', url, fields }
}
