import type { TLSSocket } from 'node:tls'
import { refuse } from './certificate-refusal.ts'
import type { PresentedCertificate } from './trusted-authorities.ts'

/** What is asked of a connection. */
export type PeerSocket = Pick<
  TLSSocket,
  'authorized' | 'authorizationError' | 'isSessionReused' | 'getPeerX509Certificate'
>

// A longer chain is cut, and a loop too: what is missing is looked for among the trusted authorities.
const mostIntermediates = 8

/**
 * The certificate of a connection to the listener of `tlsListenerOptions`, if OpenSSL authorized it, it is there, and
 * the session is a new one: some versions of Node call a resumed session authorized without any certificate
 * (nodejs/node#35317). Others show no authorities in between (nodejs/node#65579), so issuing authorities belong among
 * the trusted ones. Throws CertificateRefusal, whose detail names OpenSSL's reason.
 */
export function admittedPeer(socket: PeerSocket): PresentedCertificate {
  if (socket.isSessionReused()) refuse('certificate_resumed')
  const leaf = socket.getPeerX509Certificate()
  if (!leaf?.raw.length) return refuse('certificate_missing')
  if (!socket.authorized) return refuse(codeOf(socket), reasonOf(socket))
  const intermediates: Buffer[] = []
  for (let above = leaf.issuerCertificate; above; above = above.issuerCertificate) {
    if (intermediates.length === mostIntermediates || above.raw.equals(leaf.raw)) break
    if (intermediates.at(-1)?.equals(above.raw)) break
    intermediates.push(above.raw)
  }
  return { leaf: leaf.raw, intermediates }
}

const codes = {
  CERT_HAS_EXPIRED: 'certificate_expired',
  CERT_NOT_YET_VALID: 'certificate_not_yet_valid',
  INVALID_PURPOSE: 'certificate_usage',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'certificate_unknown_authority',
  SELF_SIGNED_CERT_IN_CHAIN: 'certificate_unknown_authority',
  UNABLE_TO_GET_ISSUER_CERT: 'certificate_unknown_authority',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'certificate_unknown_authority',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'certificate_unknown_authority',
} as const

function codeOf(
  socket: PeerSocket,
): (typeof codes)[keyof typeof codes] | 'certificate_unauthorized' {
  const reason = reasonOf(socket)
  return isKnown(reason) ? codes[reason] : 'certificate_unauthorized'
}

function isKnown(reason: string): reason is keyof typeof codes {
  return Object.hasOwn(codes, reason)
}

/** Typed as an Error, and yet a text in every Node so far. */
function reasonOf({ authorizationError }: PeerSocket): string {
  const error: unknown = authorizationError
  if (error instanceof Error) return 'code' in error ? String(error.code) : error.message
  return typeof error === 'string' ? error : 'unauthorized'
}
