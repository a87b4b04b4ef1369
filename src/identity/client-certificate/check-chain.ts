import { validityAt } from '../../keys/certificate.ts'
import { CertificateRefusal, refuse } from './certificate-refusal.ts'
import { type CertificatePath, certificatePaths } from './certificate-path.ts'
import { DerFault } from './der/der-reader.ts'
import { allowsKeyUsage, basicConstraints, extensionIds, keyUsageBits } from './extensions.ts'
import { keyWeakness } from './key-strength.ts'
import { type ParsedCertificate, parseCertificate } from './parsed-certificate.ts'
import { isStrongSignature } from './signature.ts'
import type { PresentedCertificate, TrustedAuthorities } from './trusted-authorities.ts'

const mostIntermediates = 8
// Policies decide nothing here, so they are understood as OpenSSL does: by not being asked about.
const understood = new Set<string>([
  ...['2.5.29.14', '2.5.29.18', '2.5.29.32', '2.5.29.33', '2.5.29.35', '2.5.29.36', '2.5.29.54'],
  extensionIds.keyUsage,
  extensionIds.subjectAltName,
  extensionIds.basicConstraints,
  extensionIds.crlDistributionPoints,
  extensionIds.extendedKeyUsage,
  extensionIds.securityIdentifier,
])

/**
 * Checks a certificate against the trusted authorities (RFC 5280 §6.1): path, signatures, validity at that moment, who
 * may issue, path lengths, algorithms, key sizes and critical extensions. Done for every certificate, however it came.
 * Throws CertificateRefusal.
 */
export function checkChain(
  presented: PresentedCertificate,
  { certificates: trusted }: TrustedAuthorities,
  now: Date,
): CertificatePath {
  const leaf = parseCertificate(presented.leaf)
  if (presented.intermediates.length > mostIntermediates) {
    refuse('certificate_too_large', `${presented.intermediates.length} intermediate certificates`)
  }
  if (basicConstraints(leaf).ca || trusted.some(({ der }) => der.equals(leaf.der))) {
    refuse('certificate_is_authority')
  }
  const between = presented.intermediates.map((der) => parseCertificate(der))
  let firstRefusal: CertificateRefusal | undefined
  for (const path of certificatePaths(leaf, between, trusted)) {
    try {
      checkPath(path, now)
      return path
    } catch (error) {
      if (!(error instanceof CertificateRefusal)) throw error
      firstRefusal ??= error
    }
  }
  throw firstRefusal ?? new CertificateRefusal('certificate_unknown_authority', describe(leaf))
}

function checkPath({ leaf, issuers }: CertificatePath, now: Date): void {
  const path = [leaf, ...issuers]
  path.forEach((certificate, index) => {
    checkValidity(certificate, now)
    checkKey(certificate)
    checkExtensions(certificate)
    // Nobody relies on the signature of what is trusted anyway.
    if (index < path.length - 1) checkSignatureAlgorithm(certificate)
  })
  let between = 0
  for (const issuer of issuers) {
    checkIssuer(issuer, between)
    // RFC 5280 §4.2.1.9: self-issued certificates don't count.
    if (!issuer.issuer.equals(issuer.subject)) between += 1
  }
}

function checkValidity(certificate: ParsedCertificate, now: Date): void {
  const validity = validityAt(certificate.x509, now)
  if (validity === 'not-yet') refuse('certificate_not_yet_valid', describe(certificate))
  if (validity === 'expired') refuse('certificate_expired', describe(certificate))
}

function checkKey(certificate: ParsedCertificate): void {
  const weakness = keyWeakness(certificate.x509.publicKey)
  if (weakness !== undefined)
    refuse('certificate_weak_key', `${weakness}; ${describe(certificate)}`)
}

function checkSignatureAlgorithm(certificate: ParsedCertificate): void {
  try {
    if (isStrongSignature(certificate.signatureAlgorithm)) return
  } catch (cause) {
    if (!(cause instanceof DerFault)) throw cause
    refuse('certificate_unreadable', `signature algorithm: ${cause.message}`, cause)
  }
  refuse('certificate_weak_signature', describe(certificate))
}

function checkExtensions(certificate: ParsedCertificate): void {
  for (const [id, { critical }] of certificate.extensions) {
    // RFC 5280 §4.2.1.10 has name constraints critical; one that isn't would be overlooked rather than refused.
    if ((critical && !understood.has(id)) || id === extensionIds.nameConstraints) {
      refuse('certificate_critical_extension', `extension ${id}; ${describe(certificate)}`)
    }
  }
}

function checkIssuer(issuer: ParsedCertificate, between: number): void {
  const { ca, pathLength } = basicConstraints(issuer)
  if (!ca || !allowsKeyUsage(issuer, keyUsageBits.keyCertSign)) {
    refuse('certificate_issuer_is_no_authority', describe(issuer))
  }
  if (pathLength !== undefined && between > pathLength) {
    refuse(
      'certificate_path_length',
      `${between} below, ${pathLength} allowed; ${describe(issuer)}`,
    )
  }
}

/** For the log. */
function describe({ serial, x509 }: ParsedCertificate): string {
  return `serial ${serial}, SHA-256 ${x509.fingerprint256.replaceAll(':', '').toLowerCase()}`
}
