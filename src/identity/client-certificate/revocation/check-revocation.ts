import type { Logger } from '../../../telemetry/logger.ts'
import { refuse } from '../certificate-refusal.ts'
import type { CertificatePath } from '../certificate-path.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'
import { listStatus, type RevocationStatus } from './list-status.ts'
import type { OcspClient } from './ocsp-client.ts'
import type { RevocationList } from './revocation-list.ts'

/** How revocation is found out. */
export interface RevocationParts {
  /** What is known now. */
  readonly lists: () => readonly RevocationList[]
  readonly responders: readonly OcspClient[]
  /** `hard` refuses whoever can't be told; `soft` lets them in with a warning. What is revoked is refused by both. */
  readonly failPolicy: 'hard' | 'soft'
  readonly logger: Logger
}

/**
 * Checks that neither the certificate nor an authority above it has been revoked; the trusted one at the end is nobody's
 * to revoke. Rejects with CertificateRefusal.
 */
export async function checkRevocation(
  { leaf, issuers }: CertificatePath,
  parts: RevocationParts,
  now: Date,
): Promise<void> {
  let below = leaf
  for (const issuer of issuers) {
    const status = await statusOf(below, issuer, parts, now)
    const found = `serial ${below.serial}`
    if (status.is === 'revoked') refuse('certificate_revoked', found)
    if (status.is === 'unknown') {
      if (parts.failPolicy === 'hard')
        refuse('certificate_revocation_unknown', `${found}; ${status.why}`)
      parts.logger.warn(
        { serial: below.serial, why: status.why },
        'a certificate is accepted unchecked',
      )
    }
    below = issuer
  }
}

async function statusOf(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  { lists, responders }: RevocationParts,
  now: Date,
): Promise<RevocationStatus> {
  const listed = listStatus(certificate, issuer, lists(), now)
  if (listed.is === 'revoked') return listed
  let last: RevocationStatus | undefined
  for (const responder of responders) {
    if (!responder.answersFor(issuer)) continue
    last = await responder.ask(certificate, issuer)
    // A responder that has never heard of a certificate knows more than a list that doesn't name it.
    if (last.is !== 'unknown' || last.isFinal) return last
  }
  if (listed.is === 'good' || last === undefined) return listed
  return last
}
