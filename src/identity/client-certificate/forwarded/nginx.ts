import { refuse } from '../certificate-refusal.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'
import { decodeOneEscapedPem } from './encodings.ts'

/** Names of the headers that carry `$ssl_client_escaped_cert` and `$ssl_client_verify`. */
export interface NginxHeaders {
  readonly certificate: string
  readonly verify: string
}

/** nginx, ngx_http_ssl_module: the variables `$ssl_client_escaped_cert` and `$ssl_client_verify`. */
export function readNginx(
  names: NginxHeaders,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  const certificate = headers.get(names.certificate.toLowerCase()) ?? ''
  const verify = headers.get(names.verify.toLowerCase())
  // nginx hands on a certificate that failed as well.
  if (verify?.startsWith('FAILED:')) refuse('certificate_proxy_refused', verify.slice(0, 200))
  if (certificate === '' || verify === 'NONE') refuse('certificate_missing')
  if (verify !== 'SUCCESS')
    refuse('certificate_header_malformed', 'the verify header is not SUCCESS')
  return { leaf: decodeOneEscapedPem(certificate), intermediates: [] }
}
