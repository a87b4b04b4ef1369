import { envelopedSignature, exclusiveC14n, signatureNs } from './saml-names.ts'
import { refuse, type SamlRefusalCode } from './saml-refusal.ts'
import { attributeOf, isElement, type XmlElement } from './xml/xml-element.ts'

const signatureAlgorithms = [
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512',
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1',
]
const digestAlgorithms = [
  'http://www.w3.org/2001/04/xmlenc#sha256',
  'http://www.w3.org/2001/04/xmlenc#sha512',
]
const sha1Signature = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1'
const sha1Digest = 'http://www.w3.org/2000/09/xmldsig#sha1'
const base64Text = /^[A-Za-z0-9+/=\s]+$/

/** What may sign. */
export interface SignaturePolicy {
  readonly allowSha1: boolean
}

/**
 * Checks the shape of a signature before anything is computed (SAML core §5.4): one Reference, to the element that the
 * signature stands in; the enveloped transform and exclusive canonicalisation, nothing else; allowed algorithms; no
 * Object. Throws SamlRefusal.
 */
export function checkSignatureShape(
  signature: XmlElement,
  signedId: string | undefined,
  policy: SignaturePolicy,
): void {
  const [signedInfo, signatureValue, keyInfo] = sequence(
    signature,
    ['SignedInfo', 'SignatureValue'],
    ['KeyInfo'],
  )
  if (!signedInfo || !signatureValue) refuse('saml_signature_structure')
  if (signatureValue.children.length > 0 || !base64Text.test(signatureValue.text))
    refuse('saml_signature_structure', 'Found: no SignatureValue.')
  if (keyInfo) checkKeyInfo(keyInfo)

  const [canonicalization, method, reference] = sequence(signedInfo, [
    'CanonicalizationMethod',
    'SignatureMethod',
    'Reference',
  ])
  if (!canonicalization || !method || !reference) refuse('saml_signature_structure')
  checkExclusive(canonicalization, 'saml_canonicalization_algorithm')
  checkAlgorithm(method, signatureAlgorithms, sha1Signature, policy, 'saml_signature_algorithm')
  checkReference(reference, signedId, policy)
}

function checkReference(
  reference: XmlElement,
  signedId: string | undefined,
  policy: SignaturePolicy,
): void {
  if (signedId === undefined || attributeOf(reference, 'URI') !== `#${signedId}`)
    refuse('saml_signature_reference')
  const [transforms, digestMethod, digestValue] = sequence(reference, [
    'Transforms',
    'DigestMethod',
    'DigestValue',
  ])
  if (!transforms || !digestMethod || !digestValue) refuse('saml_signature_structure')
  checkAlgorithm(digestMethod, digestAlgorithms, sha1Digest, policy, 'saml_digest_algorithm')
  if (digestValue.children.length > 0 || !base64Text.test(digestValue.text))
    refuse('saml_signature_structure', 'Found: no DigestValue.')
  const [enveloped, exclusive, ...others] = transforms.children
  if (!enveloped || !exclusive || others.length > 0) refuse('saml_transform')
  for (const transform of [enveloped, exclusive])
    if (!isElement(transform, signatureNs, 'Transform')) refuse('saml_signature_structure')
  if (attributeOf(enveloped, 'Algorithm') !== envelopedSignature || enveloped.children.length > 0)
    refuse('saml_transform')
  checkExclusive(exclusive, 'saml_transform')
}

/** Exclusive canonicalisation, with at most a list of inclusive prefixes. */
function checkExclusive(element: XmlElement, refusal: SamlRefusalCode): void {
  const [inclusive, ...others] = element.children
  const rightChild = !inclusive || isElement(inclusive, exclusiveC14n, 'InclusiveNamespaces')
  if (attributeOf(element, 'Algorithm') !== exclusiveC14n || !rightChild || others.length > 0)
    refuse(refusal, found(element))
}

function checkAlgorithm(
  element: XmlElement,
  allowed: readonly string[],
  sha1: string,
  policy: SignaturePolicy,
  refusal: SamlRefusalCode,
): void {
  const algorithm = attributeOf(element, 'Algorithm') ?? ''
  const isAllowed = allowed.includes(algorithm) || (policy.allowSha1 && algorithm === sha1)
  if (!isAllowed || element.children.length > 0) refuse(refusal, found(element))
}

// Postern trusts the configured certificates alone and ignores KeyInfo; it may just not hold what a verifier looks for.
function checkKeyInfo(keyInfo: XmlElement): void {
  for (const child of keyInfo.children) {
    if (/^(?:Sign|Digest|Reference|Transform|Canonical|Object|Manifest)/.test(child.localName))
      refuse('saml_signature_structure', `Found: ${child.localName} in KeyInfo.`)
    checkKeyInfo(child)
  }
}

/** The children, which must be these, in this order, each once; the optional ones may be missing. */
function sequence(
  element: XmlElement,
  required: readonly string[],
  optional: readonly string[] = [],
): readonly XmlElement[] {
  const names = [...required, ...optional]
  const { children } = element
  const inOrder = children.every((child, index) =>
    isElement(child, signatureNs, names[index] ?? ''),
  )
  if (!inOrder || children.length < required.length)
    refuse('saml_signature_structure', `Found: other children in ${element.localName}.`)
  return children
}

function found(element: XmlElement): string {
  return `Found: ${(attributeOf(element, 'Algorithm') ?? 'no Algorithm').slice(0, 100)}.`
}
