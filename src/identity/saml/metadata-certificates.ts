import { X509Certificate } from 'node:crypto'
import { MetadataFault } from './metadata-fault.ts'
import { metadataNs, signatureNs } from './saml-names.ts'
import { attributeOf, childrenOf, type XmlElement } from './xml/xml-element.ts'

const smallestModulus = 2048

/**
 * The certificates (PEM) that a role descriptor signs with (SAML metadata §2.4.1.1): of every KeyDescriptor for signing
 * or for no stated use, without duplicates. Keys that aren't RSA are left out, since the library can't verify with them.
 * Throws MetadataFault when none remains.
 */
export function signingCertificates(descriptor: XmlElement): readonly string[] {
  const found = childrenOf(descriptor, metadataNs, 'KeyDescriptor')
    .filter((key) => (attributeOf(key, 'use') ?? 'signing') === 'signing')
    .flatMap((key) => childrenOf(key, signatureNs, 'KeyInfo'))
    .flatMap((info) => childrenOf(info, signatureNs, 'X509Data'))
    .flatMap((data) => childrenOf(data, signatureNs, 'X509Certificate'))
    .map((element) => readCertificate(element.text))
  const usable = found.filter(({ publicKey }) => publicKey.asymmetricKeyType === 'rsa')
  if (usable.length === 0)
    throw new MetadataFault(
      found.length === 0
        ? 'The metadata names no signing certificate for the identity provider.'
        : 'The identity provider signs with no RSA key, which Postern needs. Give it an RSA key of 2048 bits or more.',
    )
  for (const { publicKey } of usable) {
    const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
    if (bits < smallestModulus)
      throw new MetadataFault(
        `A signing key of the identity provider has ${String(bits)} bits. Give it one of ${String(smallestModulus)} or more.`,
      )
  }
  return [...new Set(usable.map((certificate) => certificate.toString()))]
}

function readCertificate(text: string): X509Certificate {
  try {
    return new X509Certificate(Buffer.from(text.replace(/\s+/g, ''), 'base64'))
  } catch (cause) {
    throw new MetadataFault('A signing certificate in the metadata is no X.509 certificate.', {
      cause,
    })
  }
}

/** SHA-256 of a certificate (PEM), in lower-case hexadecimal. */
export function fingerprintOf(certificate: string): string {
  return new X509Certificate(certificate).fingerprint256.replaceAll(':', '').toLowerCase()
}
