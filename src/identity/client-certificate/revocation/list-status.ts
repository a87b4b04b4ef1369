import { DerFault } from '../der/der-reader.ts'
import { allowsKeyUsage, keyUsageBits } from '../extensions.ts'
import type { ParsedCertificate } from '../parsed-certificate.ts'
import { verifySignature } from '../signature.ts'
import { covers } from './issuing-point.ts'
import type { RevocationList } from './revocation-list.ts'

/** What is known of a certificate. `unknown` says why, and `isFinal` where nobody else need be asked. */
export type RevocationStatus =
  | { readonly is: 'good' }
  | { readonly is: 'revoked' }
  | { readonly is: 'unknown'; readonly why: string; readonly isFinal?: boolean }

// The clocks of an authority and of a broker need not agree to the second.
const clockSkew = 300_000

/**
 * What the lists say of a certificate. A list counts if it is signed by the very key that issued the certificate and
 * speaks of that kind; a stale one can still revoke and no longer clear. Throws CertificateRefusal.
 */
export function listStatus(
  certificate: ParsedCertificate,
  issuer: ParsedCertificate,
  lists: readonly RevocationList[],
  now: Date,
): RevocationStatus {
  const applicable = lists.filter(
    (list) => isListOf(list, issuer) && covers(list.scope, certificate),
  )
  if (applicable.some(({ revoked }) => revoked.has(certificate.serial))) return { is: 'revoked' }
  if (applicable.some((list) => isFresh(list, now))) return { is: 'good' }
  const why = applicable.length > 0 ? 'the revocation list is stale' : 'there is no revocation list'
  return { is: 'unknown', why }
}

export function isFresh({ thisUpdate, nextUpdate }: RevocationList, now: Date): boolean {
  return thisUpdate <= now.getTime() + clockSkew && now.getTime() < nextUpdate
}

// A check is asked about the same lists again and again.
const verdicts = new WeakMap<RevocationList, Map<string, boolean>>()

/** Whether an authority signed the list and may sign lists (RFC 5280 §6.3.3). */
function isListOf(list: RevocationList, issuer: ParsedCertificate): boolean {
  if (!list.issuer.equals(issuer.subject)) return false
  const known = verdicts.get(list) ?? new Map<string, boolean>()
  verdicts.set(list, known)
  const key = issuer.x509.fingerprint256
  const verdict =
    known.get(key) ?? (allowsKeyUsage(issuer, keyUsageBits.cRLSign) && isSignedBy(list, issuer))
  // Others may bear the authority's name, and anybody can make as many of them as he likes.
  if (verdict || known.size < 16) known.set(key, verdict)
  return verdict
}

function isSignedBy(list: RevocationList, { x509 }: ParsedCertificate): boolean {
  try {
    return verifySignature(list.signatureAlgorithm, x509.publicKey, list.signed, list.signature)
  } catch (error) {
    if (error instanceof DerFault) return false
    throw error
  }
}
