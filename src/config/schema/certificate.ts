import { X509Certificate } from 'node:crypto'
import { z } from 'zod'
import { keyPairFault, readCertificate } from '../key-pair.ts'
import { longText, secret } from './scalars.ts'

const smallestModulus = 2048

/** An RSA certificate in PEM, of the strength that SAML signatures need here. */
export function rsaCertificate() {
  return longText().refine(
    isStrongRsa,
    `one RSA certificate in PEM, of ${smallestModulus} bits or more`,
  )
}

/** Authorities to trust, in PEM: one certificate or many. */
export function authorities() {
  return longText(1_048_576).refine(
    (value) => readCertificate(value) !== undefined,
    'certificates in PEM',
  )
}

/** A private RSA key with its certificate. */
export const rsaKeyPair = z
  .strictObject({
    certificate: rsaCertificate().meta({
      description: 'Certificate in PEM.',
      examples: ['${file:saml/certificate.pem}'],
    }),
    key: secret({ expected: 'a private key in PEM' }).meta({
      description: 'Its private key in PEM.',
      examples: ['${file:saml/key.pem}'],
    }),
  })
  .superRefine((pair, context) => {
    const fault = keyPairFault(pair.certificate, pair.key)
    if (fault) context.addIssue({ code: 'custom', ...fault })
  })

function isStrongRsa(pem: string): boolean {
  if (pem.split('-----BEGIN CERTIFICATE-----').length !== 2) return false
  try {
    const { asymmetricKeyType, asymmetricKeyDetails } = new X509Certificate(pem).publicKey
    return (
      asymmetricKeyType === 'rsa' && (asymmetricKeyDetails?.modulusLength ?? 0) >= smallestModulus
    )
  } catch {
    return false
  }
}
