import { createHash, timingSafeEqual } from 'node:crypto'
import { type BlockList, isIP } from 'node:net'
import { canonicalAddress } from '../../address.ts'
import { CertificateRefusal, refuse } from '../certificate-refusal.ts'
import { checkChain } from '../check-chain.ts'
import { checkUsage } from '../check-usage.ts'
import type { TrustedAuthorities } from '../trusted-authorities.ts'
import { certificateHeaders } from './certificate-headers.ts'
import type { ForwardedRequest } from './forwarded-request.ts'

/** How a proxy shows that it is the one: by a secret in a header, or by a certificate of its own. */
export type ProxyProof =
  | { readonly by: 'secret'; readonly header: string; readonly secret: string }
  /** Authorities for proxies alone: whoever holds a certificate of theirs may sign anybody in. */
  | { readonly by: 'certificate'; readonly authorities: TrustedAuthorities }
  /** Only for balancers that can show nothing: whoever connects from their addresses may sign anybody in. */
  | { readonly by: 'address' }

/** The proxies that are believed. */
export interface TrustedProxies {
  /** Of the proxies' sockets, as `trustedProxyList` makes it. */
  readonly addresses: BlockList
  readonly proof: ProxyProof
}

/** Shorter secrets could be guessed. */
export const shortestProxySecret = 32

/** Whether the request was sent by a listed proxy that proves it. Throws CertificateRefusal otherwise. */
export function demandTrustedProxy(
  request: ForwardedRequest,
  { addresses, proof }: TrustedProxies,
  now: Date,
): void {
  const address = canonicalAddress(request.peerAddress ?? '') ?? ''
  const version = isIP(address)
  if (version === 0 || !addresses.check(address, version === 4 ? 'ipv4' : 'ipv6')) {
    refuse('certificate_header_untrusted', `from ${address}, which is no listed proxy`)
  }
  if (proof.by === 'address') return
  if (proof.by === 'certificate') {
    demandCertificate(request, proof.authorities, now)
    return
  }
  const given = certificateHeaders(request.rawHeaders, [proof.header]).get(
    proof.header.toLowerCase(),
  )
  if (
    given === undefined ||
    proof.secret.length < shortestProxySecret ||
    !same(given, proof.secret)
  ) {
    refuse('certificate_header_untrusted', `from ${address}, without the right secret`)
  }
}

function demandCertificate(
  { peerCertificate, peerAddress }: ForwardedRequest,
  authorities: TrustedAuthorities,
  now: Date,
): void {
  if (!peerCertificate) {
    return refuse(
      'certificate_header_untrusted',
      `from ${peerAddress ?? ''}, without a certificate`,
    )
  }
  try {
    checkUsage(checkChain(peerCertificate, authorities, now))
  } catch (cause) {
    if (!(cause instanceof CertificateRefusal)) throw cause
    refuse(
      'certificate_header_untrusted',
      `the proxy's own certificate: ${cause.detail ?? ''}`,
      cause,
    )
  }
}

/** Compares digests, so that neither content nor length shows in the time. */
function same(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
