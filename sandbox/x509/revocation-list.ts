import { verify } from 'node:crypto'
import { CertificateRevocationList } from 'pkijs'
import type { Certificate } from './certificate.ts'
import { nameKey } from './names.ts'
import { digestOf } from './signature-algorithm.ts'

/** A certificate revocation list that was imported. */
export interface RevocationList {
  /** Whether `issuer` made this list, by name and signature. */
  madeBy(issuer: Certificate): boolean
  revokes(serial: bigint): boolean
}

/** Reads every list of a PEM text. Throws an Error for one that can't be read or verified. */
export function readRevocationLists(pem: string): RevocationList[] {
  const blocks = pem.match(/-----BEGIN X509 CRL-----[^-]+-----END X509 CRL-----/g) ?? []
  return blocks.map((block) =>
    read(Uint8Array.from(Buffer.from(block.replace(/-----[^-]+-----/g, ''), 'base64'))),
  )
}

function read(der: Uint8Array<ArrayBuffer>): RevocationList {
  const list = CertificateRevocationList.fromBER(der)
  const digest = digestOf(list.signatureAlgorithm)
  const issuerKey = nameKey(list.issuer)
  const revoked = new Set(
    (list.revokedCertificates ?? []).map(({ userCertificate }) =>
      BigInt(`0x${Buffer.from(userCertificate.valueBlock.valueHexView).toString('hex')}`),
    ),
  )
  const signature = Buffer.from(list.signatureValue.valueBlock.valueHexView)
  return {
    madeBy: ({ subjectKey, x509 }) =>
      subjectKey === issuerKey && verify(digest, list.tbsView, x509.publicKey, signature),
    revokes: (serial) => revoked.has(serial),
  }
}
