import { type KeyObject, X509Certificate } from 'node:crypto'
import { attribute, children, isElement, textOf } from './elements.ts'
import { METADATA, SIGNATURE } from './names.ts'
import { parseXml } from './parse-xml.ts'

/** What IAM keeps of an identity provider's metadata document. */
export interface IdentityProviderMetadata {
  readonly entityId: string
  readonly keys: readonly KeyObject[]
}

const MOST_KEYS = 10
const SHORTEST_RSA_KEY = 1024

/**
 * Reads the metadata that one uploads for a SAML provider in IAM: at most ten signing keys of 1024 bits or more,
 * UTF-8 without a byte order mark (IAM User Guide, id_roles_providers_create_saml). Throws an Error for what IAM refuses.
 */
export function readIdentityProviderMetadata(xml: string): IdentityProviderMetadata {
  if (xml.startsWith('\uFEFF')) throw new Error('the metadata begins with a byte order mark')
  const root = parseXml(xml)
  const entityId = attribute(root, 'entityID') ?? ''
  if (!isElement(root, METADATA, 'EntityDescriptor') || entityId === '') {
    throw new Error('the metadata is no EntityDescriptor with an entityID')
  }
  const keys = children(root, METADATA, 'IDPSSODescriptor')
    .flatMap((role) => children(role, METADATA, 'KeyDescriptor'))
    .filter((key) => (attribute(key, 'use') ?? 'signing') === 'signing')
    .flatMap(certificatesOf)
    .map((certificate) => certificate.publicKey)
  if (keys.length === 0 || keys.length > MOST_KEYS) {
    throw new Error(`the metadata should hold 1 to ${MOST_KEYS} signing certificates`)
  }
  const bits = keys.map((key) => key.asymmetricKeyDetails?.modulusLength ?? 0)
  if (bits.some((length) => length < SHORTEST_RSA_KEY)) {
    throw new Error(`the metadata holds a key that is not RSA of ${SHORTEST_RSA_KEY} bits or more`)
  }
  return { entityId, keys }
}

/** The certificates of a KeyDescriptor. Throws where one can't be read. */
export function certificatesOf(keyDescriptor: Element): X509Certificate[] {
  return children(keyDescriptor, SIGNATURE, 'KeyInfo')
    .flatMap((info) => children(info, SIGNATURE, 'X509Data'))
    .flatMap((data) => children(data, SIGNATURE, 'X509Certificate'))
    .map((element) => new X509Certificate(Buffer.from(textOf(element), 'base64')))
}
