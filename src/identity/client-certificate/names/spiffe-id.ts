import { refuse } from '../certificate-refusal.ts'

const shape = /^spiffe:\/\/([a-z0-9._-]{1,255})((?:\/[A-Za-z0-9._-]{1,255}){1,16})$/

/**
 * The one SPIFFE ID of an X.509-SVID (SPIFFE X.509-SVID §2: exactly one URI), in the trust domain that its authority may
 * speak for. Throws CertificateRefusal.
 */
export function spiffeId(uris: readonly string[], trustDomain: string): string {
  const [uri, ...others] = uris
  if (uri === undefined || others.length > 0)
    return refuse('certificate_name', `${uris.length} URIs`)
  const [, domain, path] = shape.exec(uri) ?? []
  if (domain === undefined || path === undefined || /\/\.{1,2}(?:\/|$)/.test(path)) {
    return refuse('certificate_name', 'the URI is no SPIFFE ID')
  }
  if (domain !== trustDomain) refuse('certificate_name_foreign', `trust domain ${domain}`)
  return uri
}
