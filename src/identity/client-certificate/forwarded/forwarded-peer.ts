import type { PresentedCertificate } from '../trusted-authorities.ts'
import { certificateHeaders } from './certificate-headers.ts'
import type { ForwardedRequest } from './forwarded-request.ts'
import { type HeaderFormat, headerNames, readFormat } from './header-format.ts'
import { demandTrustedProxy, type TrustedProxies } from './trusted-proxy.ts'

/** One format of one kind of proxy. */
export interface ForwardedSettings {
  readonly format: HeaderFormat
  readonly proxies: TrustedProxies
}

/**
 * The certificate that a proxy hands on. Its word counts only when its socket's address is listed and it proves who it
 * is; even then the certificate goes through every check of our own. Throws CertificateRefusal.
 */
export function forwardedPeer(
  request: ForwardedRequest,
  { format, proxies }: ForwardedSettings,
  now: Date,
): PresentedCertificate {
  demandTrustedProxy(request, proxies, now)
  return readFormat(format, certificateHeaders(request.rawHeaders, headerNames(format)))
}
