import { DOMParser } from '@xmldom/xmldom'
import { SignedXml } from 'xml-crypto'
import { signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { checkSignatureShape, type SignaturePolicy } from './signature-shape.ts'
import { messageLimits, normalizeLineEnds, readXml, type XmlLimits } from './xml/read-xml.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

/**
 * Verifies the signature that stands in the root element and covers it, with any of the certificates (PEM). Returns the
 * root as read from the bytes that were verified, and nothing else may be used: the text itself can hold what the
 * signature passes over. Throws SamlRefusal.
 */
export function verifyEnveloped(
  text: string,
  root: XmlElement,
  certificates: readonly string[],
  policy: SignaturePolicy,
  limits: XmlLimits = messageLimits,
): XmlElement {
  const [signature, ...others] = childrenOf(root, signatureNs, 'Signature')
  if (!signature) refuse('saml_signature_missing')
  if (others.length > 0) refuse('saml_signature_structure', 'Found: more than one.')
  checkSignatureShape(signature, attributeOf(root, 'ID'), policy)
  for (const certificate of certificates) {
    const verified = verifiedBytes(text, certificate)
    if (verified !== undefined) return readXml(verified, limits)
  }
  return refuse('saml_signature_invalid')
}

function verifiedBytes(text: string, certificate: string): string | undefined {
  // xml-crypto leaves this to its caller.
  const xml = normalizeLineEnds(text)
  const { childNodes } = new DOMParser().parseFromString(xml, 'text/xml').documentElement
  const signature = Array.from(childNodes).find(
    (node) =>
      'namespaceURI' in node &&
      node.namespaceURI === signatureNs &&
      node.nodeName.endsWith('Signature'),
  )
  if (!signature) return undefined
  // Never a certificate that the message itself brings.
  const verifier = new SignedXml({ publicCert: certificate, getCertFromKeyInfo: () => null })
  try {
    verifier.loadSignature(signature)
    if (!verifier.checkSignature(xml)) return undefined
  } catch {
    return undefined
  }
  const [bytes, ...others] = verifier.getSignedReferences()
  return others.length === 0 ? bytes : undefined
}
