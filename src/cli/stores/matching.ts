import type { X509Certificate } from 'node:crypto'
import { nameText } from '../certificate-text.ts'
import { type CertSelector, canonicalSerial } from './cert-selector.ts'

/** The certificates that a selector names. */
export function matching(
  certificates: readonly X509Certificate[],
  { x509Subject, x509Issuer, x509Serial }: CertSelector,
): readonly X509Certificate[] {
  return certificates.filter(
    (certificate) =>
      (x509Subject === undefined || x509Subject === nameText(certificate.subject)) &&
      (x509Issuer === undefined || x509Issuer === nameText(certificate.issuer)) &&
      (x509Serial === undefined || x509Serial === canonicalSerial(certificate.serialNumber)),
  )
}
