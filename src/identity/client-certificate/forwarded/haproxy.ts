import { refuse } from '../certificate-refusal.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'
import { decodeBase64 } from './encodings.ts'

/** Names of the headers that carry `%[ssl_c_der,base64]`, `%[ssl_c_used]` and `%[ssl_c_verify]`. */
export interface HaproxyHeaders {
  readonly certificate: string
  readonly used: string
  readonly verify: string
}

/** HAProxy, "Fetching samples at Layer 5". `ssl_c_verify` is 0 without any certificate too, so `ssl_c_used` decides. */
export function readHaproxy(
  names: HaproxyHeaders,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  const certificate = headers.get(names.certificate.toLowerCase()) ?? ''
  const used = headers.get(names.used.toLowerCase())
  const verify = headers.get(names.verify.toLowerCase())
  // With crt-ignore-err HAProxy hands on what failed, and OpenSSL's number for why.
  if (verify !== undefined && /^[1-9]\d{0,3}$/.test(verify)) {
    refuse('certificate_proxy_refused', `verify code ${verify}`)
  }
  if (used === '0' || (used === undefined && certificate === '')) refuse('certificate_missing')
  if (used !== '1' || verify !== '0') {
    refuse('certificate_header_malformed', 'used is not 1, or verify is not a number')
  }
  return { leaf: decodeBase64(certificate), intermediates: [] }
}
