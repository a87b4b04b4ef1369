import { createHash, timingSafeEqual } from 'node:crypto'
import { checkSignatureValue } from './check-signature-value.ts'
import { exclusiveForm } from './exclusive-form.ts'
import { signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { checkSignatureShape, type SignaturePolicy } from './signature-shape.ts'
import { verifyEnveloped } from './verify-enveloped.ts'
import { normalizeLineEnds } from './xml/read-xml.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

const hashes: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2001/04/xmlenc#sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmlenc#sha512', 'sha512'],
  ['http://www.w3.org/2000/09/xmldsig#sha1', 'sha1'],
])

/**
 * Checks the signature of an assertion whose bytes a verified signature of the response covers already. What it says is
 * thus known to come from the provider; but a signature that is there must hold, and a second run of the library over
 * everything costs as much as the first. `xml` is the assertion alone, canonical. Throws SamlRefusal.
 */
export function checkInnerSignature(
  xml: string,
  assertion: XmlElement,
  certificates: readonly string[],
  policy: SignaturePolicy,
): void {
  const [signature, ...others] = childrenOf(assertion, signatureNs, 'Signature')
  if (!signature || others.length > 0) refuse('saml_signature_structure')
  checkSignatureShape(signature, attributeOf(assertion, 'ID'), policy)
  if (checkSignatureValue(xml, signature, certificates) === undefined) {
    verifyEnveloped(xml, assertion, certificates, policy)
    return
  }
  const [reference] = childrenOf(signature, signatureNs, 'SignedInfo').flatMap((signedInfo) =>
    childrenOf(signedInfo, signatureNs, 'Reference'),
  )
  const [, method, value] = reference?.children ?? []
  const hash = method && hashes.get(attributeOf(method, 'Algorithm') ?? '')
  if (hash === undefined || !value) refuse('saml_signature_structure')
  const text = normalizeLineEnds(xml)
  const bare = text.slice(0, signature.start) + text.slice(signature.end)
  const digest = createHash(hash).update(exclusiveForm(bare, 'root')).digest()
  const signed = Buffer.from(value.text, 'base64')
  if (digest.length !== signed.length || !timingSafeEqual(digest, signed))
    refuse('saml_signature_invalid', 'Found: a digest of something else.')
}

/** Whether a signature covers nothing of the context that its element stands in, so that it holds outside too. */
export function standsAlone(signature: XmlElement): boolean {
  return !signature.children.some(holdsPrefixes)
}

function holdsPrefixes(element: XmlElement): boolean {
  return element.localName === 'InclusiveNamespaces' || element.children.some(holdsPrefixes)
}
