import type { TrustAnchorEntry } from '../world/roles-anywhere.ts'
import type { Certificate } from '../x509/certificate.ts'
import { findPath, isValidAt } from '../x509/certificate-path.ts'
import type { PresentedCertificates } from './presented-certificates.ts'
import { denied } from './refusal.ts'

/**
 * Whether IAM Roles Anywhere takes this certificate (User Guide, trust model): an end entity's, that leads to the
 * trust anchor and is in none of the lists that were imported for it. No distribution point and no OCSP responder is
 * asked. Throws AccessDeniedException.
 */
export function checkCertificate(
  { leaf, chain }: PresentedCertificates,
  anchor: TrustAnchorEntry,
  { now, skew }: { readonly now: Date; readonly skew: number },
): void {
  if (!isEndEntity(leaf)) throw denied('Untrusted certificate. Insufficient certificate')
  const at = { now: now.getTime(), skew: skew * 1000 }
  // The words are ours: none for an expired certificate were found.
  if (!isValidAt(leaf, at)) throw denied('Untrusted certificate. The certificate is not valid now')
  const anchors = anchor.certificates
  const path = findPath({ leaf, intermediates: chain, anchors, ...at })
  if (path === undefined) throw denied('Untrusted signing certificate')
  const revoked = path.some((certificate, i) => {
    const issuer = path[i + 1]
    return (
      issuer !== undefined &&
      anchor.revocationLists.some((list) => list.revokes(certificate.serial) && list.madeBy(issuer))
    )
  })
  if (revoked) throw denied('Certificate revoked')
}

/** No extended key usage is asked for: AWS's own examples have none. */
function isEndEntity(leaf: Certificate): boolean {
  return (
    leaf.version === 3 &&
    !leaf.isCa &&
    leaf.keyUsage?.digitalSignature === true &&
    leaf.strongSignature &&
    leaf.subject.length > 0 &&
    leaf.unknownCritical.length === 0
  )
}
