import type { KeyObject, X509Certificate } from 'node:crypto'
import { issuersOf, readCertificates, readIntermediates } from '../../keys/certificate.ts'
import { KeyFault } from '../../keys/key-fault.ts'
import { looksLikePkcs12 } from '../../keys/looks-like-pkcs12.ts'
import { readPrivateKey } from '../../keys/pem-key.ts'
import { readPkcs12 } from '../../keys/pkcs12.ts'
import type { AskSecret } from '../../keys/signer.ts'

/** A certificate, those above it and its key, as one PEM text. */
export interface CertificatePem {
  readonly certificate: X509Certificate
  readonly pem: string
}

/** Reads a PKCS#12 file, or PEM with its key beside it or apart. KeyFault when they don't belong together. */
export async function certificatePem(
  files: {
    readonly certificate: Buffer
    readonly privateKey: Buffer | undefined
    readonly intermediates: Buffer | undefined
  },
  ask: AskSecret,
): Promise<CertificatePem> {
  const { certificate, key, chain } = looksLikePkcs12(files.certificate)
    ? await readPkcs12(files.certificate, ask)
    : await fromPem(files, ask)
  if (!certificate.checkPrivateKey(key)) {
    throw new KeyFault(
      'key_mismatch',
      'The private key does not belong to the certificate. Give the key that the certificate was issued for.',
    )
  }
  const certificates = [certificate, ...chain].map((one) => one.toString())
  const pem = [...certificates, key.export({ type: 'pkcs8', format: 'pem' }).toString()]
  return { certificate, pem: pem.join('') }
}

async function fromPem(
  files: Parameters<typeof certificatePem>[0],
  ask: AskSecret,
): Promise<{ certificate: X509Certificate; key: KeyObject; chain: readonly X509Certificate[] }> {
  const [certificate, ...rest] = readCertificates(files.certificate)
  const key = await readPrivateKey(files.privateKey ?? files.certificate, ask)
  const above = files.intermediates ? readIntermediates(files.intermediates) : undefined
  return { certificate, key, chain: above ?? issuersOf(certificate, rest) }
}
