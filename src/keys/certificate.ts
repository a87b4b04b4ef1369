import { X509Certificate } from 'node:crypto'
import { KeyFault } from './key-fault.ts'
import { looksLikePem, pemBlocks } from './pem.ts'

const mostCertificates = 64

/** The certificates of a PEM text, in order, or the one of DER bytes; at least one. KeyFault otherwise. */
export function readCertificates(bytes: Buffer): readonly [X509Certificate, ...X509Certificate[]] {
  const ders = looksLikePem(bytes)
    ? pemBlocks(bytes)
        .filter(({ label }) => label === 'CERTIFICATE' || label === 'X509 CERTIFICATE')
        .map(({ der }) => der)
    : [bytes]
  if (ders.length > mostCertificates) {
    throw new KeyFault(
      'bad_certificate',
      `There are more than ${mostCertificates} certificates in the file.`,
    )
  }
  const [first, ...rest] = ders.map(readDer)
  if (!first) {
    throw new KeyFault(
      'no_certificate',
      'There is no certificate in the file. Give a PEM or DER certificate.',
    )
  }
  return [first, ...rest]
}

/** A file of intermediate certificates, or of authorities: nothing but certificates may stand in it. KeyFault `bad_chain` otherwise. */
export function readIntermediates(bytes: Buffer): readonly X509Certificate[] {
  const stray = looksLikePem(bytes) && pemBlocks(bytes).find(({ label }) => label !== 'CERTIFICATE')
  if (stray) {
    throw new KeyFault('bad_chain', `A ${stray.label} stands among the certificates. Take it out.`)
  }
  try {
    return readCertificates(bytes)
  } catch (cause) {
    throw new KeyFault('bad_chain', "The file of certificates can't be read.", { cause })
  }
}

/** The serial number in decimal, as Roles Anywhere's Credential field has it. */
export function serialDecimal({ serialNumber }: X509Certificate): string {
  return serialNumber.startsWith('-')
    ? (-BigInt(`0x${serialNumber.slice(1)}`)).toString()
    : BigInt(`0x${serialNumber}`).toString()
}

export type Validity = 'not-yet' | 'valid' | 'expired'

/** Whether the certificate holds at that moment; both ends belong to it (RFC 5280 §4.1.2.5). */
export function validityAt(certificate: X509Certificate, moment: Date): Validity {
  if (moment < certificate.validFromDate) return 'not-yet'
  // The end is written in whole seconds, and the last of them counts.
  return moment.getTime() < certificate.validToDate.getTime() + 1_000 ? 'valid' : 'expired'
}

/**
 * The way from a certificate upwards through those at hand, without the root: AWS holds the anchor itself. Names and
 * signatures are checked; strangers are left out.
 */
export function issuersOf(
  leaf: X509Certificate,
  atHand: readonly X509Certificate[],
): readonly X509Certificate[] {
  const path: X509Certificate[] = []
  for (let below = leaf; ;) {
    const issuer = atHand.find(
      (candidate) =>
        !path.includes(candidate) &&
        candidate.fingerprint256 !== leaf.fingerprint256 &&
        !candidate.checkIssued(candidate) &&
        below.checkIssued(candidate) &&
        below.verify(candidate.publicKey),
    )
    if (!issuer) return path
    path.push(issuer)
    below = issuer
  }
}

function readDer(der: Buffer): X509Certificate {
  try {
    return new X509Certificate(der)
  } catch (cause) {
    throw new KeyFault(
      'bad_certificate',
      "The certificate can't be read. It is damaged, or not a certificate.",
      {
        cause,
      },
    )
  }
}
