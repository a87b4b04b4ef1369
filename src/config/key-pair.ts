import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Secret } from './secret.ts'

/** The first certificate of a PEM text, or undefined when there is none. */
export function readCertificate(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem)
  } catch {
    return undefined
  }
}

/** What keeps a certificate and a key from serving TLS together. */
export function keyPairFault(
  certificate: string,
  key: Secret,
): { path: string[]; message: string } | undefined {
  const leaf = readCertificate(certificate)
  if (!leaf) return { path: ['certificate'], message: 'a certificate in PEM' }
  try {
    if (leaf.checkPrivateKey(createPrivateKey(key.reveal()))) return undefined
    return { path: ['key'], message: 'the private key of the first certificate' }
  } catch {
    return { path: ['key'], message: 'a private key in PEM without a passphrase' }
  }
}
