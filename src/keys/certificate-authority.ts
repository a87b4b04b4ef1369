import { BitString } from 'asn1js'
import type { X509Certificate } from 'node:crypto'
import { Certificate } from 'pkijs'
import { validityAt } from './certificate.ts'
import { KeyFault } from './key-fault.ts'
import type { Signer } from './signer.ts'

/** A signer whose certificate may issue others, with that certificate taken apart. */
export interface CertificateAuthority {
  readonly signer: Signer
  readonly certificate: X509Certificate
  readonly parsed: Certificate
}

const keyUsage = '2.5.29.15'
// RFC 5280 §4.2.1.3.
const keyCertSign = 0x04

/** The signer as an authority. KeyFault when its certificate is none of a CA, or does not hold at that moment. */
export function certificateAuthority(signer: Signer, now: Date): CertificateAuthority {
  const { certificate } = signer
  if (!certificate) {
    throw new KeyFault('no_certificate', 'The key of the authority has no certificate beside it.')
  }
  const parsed = Certificate.fromBER(new Uint8Array(certificate.raw))
  const usage: unknown = parsed.extensions?.find(({ extnID }) => extnID === keyUsage)?.parsedValue
  const bits = usage instanceof BitString ? (usage.valueBlock.valueHexView[0] ?? 0) : 0
  if (!certificate.ca || (bits & keyCertSign) === 0) {
    throw new KeyFault(
      'bad_certificate',
      'The certificate of the authority is none of a CA: it needs basicConstraints CA:TRUE and the key usage keyCertSign.',
    )
  }
  if (validityAt(certificate, now) !== 'valid') {
    throw new KeyFault('bad_certificate', 'The certificate of the authority has expired. Renew it.')
  }
  return { signer, certificate, parsed }
}
