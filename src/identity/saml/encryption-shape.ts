import { encryptionNs, signatureNs } from './saml-names.ts'
import { refuse } from './saml-refusal.ts'
import { attributeOf, childrenOf, isElement, type XmlElement } from './xml/xml-element.ts'

const dataAlgorithms = [
  'http://www.w3.org/2009/xmlenc11#aes128-gcm',
  'http://www.w3.org/2009/xmlenc11#aes256-gcm',
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc',
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
]
const keyAlgorithm = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p'
const keyDigest = 'http://www.w3.org/2000/09/xmldsig#sha1'

/** The algorithms that we decrypt, for our metadata. */
export const encryptionAlgorithms = [...dataAlgorithms, keyAlgorithm]

/**
 * Checks the shape of an encrypted assertion (XML Encryption 1.1 §3, SAML core §2.3.4): one EncryptedData, one
 * EncryptedKey in or beside it, allowed algorithms. SHA-1 within OAEP is no signature and is not weakened by
 * collisions. Throws SamlRefusal.
 */
export function checkEncryptionShape(encrypted: XmlElement): void {
  const [data, ...otherData] = childrenOf(encrypted, encryptionNs, 'EncryptedData')
  if (!data || otherData.length > 0) refuse('saml_structure', 'Found: not one EncryptedData.')
  const keyInfos = childrenOf(data, signatureNs, 'KeyInfo')
  const keys = [encrypted, ...keyInfos].flatMap((holder) =>
    childrenOf(holder, encryptionNs, 'EncryptedKey'),
  )
  const [key, ...otherKeys] = keys
  if (!key || otherKeys.length > 0 || keyInfos.length !== 1)
    refuse('saml_structure', 'Found: not one EncryptedKey.')
  checkCipher(data, dataAlgorithms)
  checkCipher(key, [keyAlgorithm])
  for (const parameter of methodOf(key).children) {
    const isDigest = isElement(parameter, signatureNs, 'DigestMethod')
    if (!isDigest || attributeOf(parameter, 'Algorithm') !== keyDigest)
      refuse('saml_encryption_algorithm', `Found: ${parameter.localName} of another kind.`)
  }
}

function methodOf(element: XmlElement): XmlElement {
  const [method, ...others] = childrenOf(element, encryptionNs, 'EncryptionMethod')
  if (!method || others.length > 0) refuse('saml_structure', 'Found: not one EncryptionMethod.')
  return method
}

function checkCipher(element: XmlElement, allowed: readonly string[]): void {
  const algorithm = attributeOf(methodOf(element), 'Algorithm') ?? 'none'
  if (!allowed.includes(algorithm)) refuse('saml_encryption_algorithm', `Found: ${algorithm}.`)
  const [data, ...others] = childrenOf(element, encryptionNs, 'CipherData')
  const value = data?.children[0]
  if (!data || others.length > 0 || data.children.length !== 1 || !value)
    refuse('saml_structure', 'Found: not one CipherData.')
  // CipherReference would have us fetch something.
  if (!isElement(value, encryptionNs, 'CipherValue') || value.children.length > 0)
    refuse('saml_structure', 'Found: no CipherValue.')
}
