import { constants, verify } from 'node:crypto'
import { exclusiveForm } from './exclusive-form.ts'
import { signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { normalizeLineEnds } from './xml/read-xml.ts'
import { escapeXml } from './xml/xml-characters.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

const hashes: ReadonlyMap<string, string> = new Map([
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', 'sha256'],
  ['http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', 'sha512'],
  ['http://www.w3.org/2000/09/xmldsig#rsa-sha1', 'sha1'],
])

/**
 * Refuses a signature that none of the certificates (PEM) made, by its SignedInfo alone. It proves nothing of what is
 * signed, which is left to the library; but the library reads the whole message many times over, and nobody without the
 * provider's key shall have that for the asking. `signature` has passed checkSignatureShape. Returns the certificate whose
 * key it was, or undefined where that is left to the library too.
 */
export function checkSignatureValue(
  text: string,
  signature: XmlElement,
  certificates: readonly string[],
): string | undefined {
  const [signedInfo] = childrenOf(signature, signatureNs, 'SignedInfo')
  const [value] = childrenOf(signature, signatureNs, 'SignatureValue')
  const [canonicalization, method] = signedInfo?.children ?? []
  if (!signedInfo || !value || !canonicalization || !method) refuse('saml_signature_structure')
  const hash = hashes.get(attributeOf(method, 'Algorithm') ?? '')
  // PSS, and prefixes that are declared further out, are left to the library.
  if (hash === undefined || canonicalization.children.length > 0) return undefined
  const bytes = Buffer.from(canonicalize(text, signedInfo))
  const signed = Buffer.from(value.text, 'base64')
  const padding = constants.RSA_PKCS1_PADDING
  const found = certificates.find((key) => verify(hash, bytes, { key, padding }, signed))
  return found ?? refuse('saml_signature_invalid', 'Found: a signature by no key of the provider.')
}

function canonicalize(text: string, element: XmlElement): string {
  const declarations = [...prefixesOf(element)].map(
    ([prefix, namespace]) =>
      ` ${prefix === '' ? 'xmlns' : `xmlns:${prefix}`}="${escapeXml(namespace)}"`,
  )
  const xml = normalizeLineEnds(text).slice(element.start, element.end)
  return exclusiveForm(`<alone${declarations.join('')}>${xml}</alone>`, 'first child')
}

/** Prefix to namespace, for every prefix that the element or anything in it uses. */
function prefixesOf(
  element: XmlElement,
  found = new Map<string, string>(),
): ReadonlyMap<string, string> {
  const colon = element.name.indexOf(':')
  const prefix = colon === -1 ? '' : element.name.slice(0, colon)
  if (!found.has(prefix)) found.set(prefix, element.namespace)
  for (const child of element.children) prefixesOf(child, found)
  return found
}
