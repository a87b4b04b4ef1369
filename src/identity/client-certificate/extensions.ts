import { CertificateRefusal, refuse } from './certificate-refusal.ts'
import { DerFault, DerReader, onlyElement, tags } from './der/der-reader.ts'
import { readBits, readCount, readObjectIdentifier, readTrue } from './der/der-values.ts'
import type { ParsedCertificate } from './parsed-certificate.ts'

/** Extensions by what they are called in RFC 5280 §4.2.1. */
export const extensionIds = {
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  extendedKeyUsage: '2.5.29.37',
  /** The SID of an account, which AD CS writes (szOID_NTDS_CA_SECURITY_EXT, MS-WCCE §2.2.2.7.7.4). */
  securityIdentifier: '1.3.6.1.4.1.311.25.2',
} as const

/** Bits of keyUsage (RFC 5280 §4.2.1.3). */
export const keyUsageBits = { digitalSignature: 0, keyCertSign: 5, cRLSign: 6 } as const

export interface BasicConstraints {
  readonly ca: boolean
  readonly pathLength: number | undefined
}

/** RFC 5280 §4.2.1.9. Without the extension nothing is an authority. Throws CertificateRefusal. */
export function basicConstraints(certificate: ParsedCertificate): BasicConstraints {
  return (
    readExtension(certificate, extensionIds.basicConstraints, (value) => {
      const reader = new DerReader(onlyElement(value, tags.sequence).content)
      const flag = reader.takeIf(tags.boolean)
      const length = reader.takeIf(tags.integer)
      reader.end()
      return { ca: flag !== undefined && readTrue(flag), pathLength: length && readCount(length) }
    }) ?? { ca: false, pathLength: undefined }
  )
}

/** Whether the key may be used so; a certificate that says nothing allows everything. Throws CertificateRefusal. */
export function allowsKeyUsage(certificate: ParsedCertificate, bit: number): boolean {
  const bits = readExtension(certificate, extensionIds.keyUsage, (value) =>
    readBits(onlyElement(value, tags.bitString)),
  )
  return bits === undefined || bits.has(bit)
}

/** The extended key usages (RFC 5280 §4.2.1.12), or undefined where none are said. Throws CertificateRefusal. */
export function extendedKeyUsages(certificate: ParsedCertificate): readonly string[] | undefined {
  return readExtension(certificate, extensionIds.extendedKeyUsage, (value) =>
    [...new DerReader(onlyElement(value, tags.sequence).content).rest()].map((element) => {
      if (element.tag !== tags.objectIdentifier) throw new DerFault('not a key usage')
      return readObjectIdentifier(element)
    }),
  )
}

/** What `read` makes of an extension's value, or undefined without that extension. Throws CertificateRefusal. */
export function readExtension<Value>(
  certificate: ParsedCertificate,
  id: string,
  read: (value: Buffer) => Value,
): Value | undefined {
  const extension = certificate.extensions.get(id)
  if (!extension) return undefined
  try {
    return read(extension.value)
  } catch (cause) {
    if (cause instanceof CertificateRefusal || !(cause instanceof DerFault)) throw cause
    return refuse('certificate_unreadable', `extension ${id}: ${cause.message}`, cause)
  }
}
