import { createHash } from 'node:crypto'
import { refuse } from '../certificate-refusal.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'
import { decodeEscapedPem, decodeOneEscapedPem } from './encodings.ts'
import { readXfcc } from './xfcc.ts'

/** Name of the header. */
export interface EnvoyHeaders {
  readonly certificate: string
}

/**
 * Envoy's `x-forwarded-client-cert` with `SANITIZE_SET` and `set_current_client_cert_details: { cert: true }`. Exactly
 * one element counts: with more, somebody before Envoy wrote one of them. Hash must be the certificate's, which ties
 * both together where an alternative name with quotes or semicolons tries to add a Cert of its own. Chain, if sent,
 * starts with the certificate.
 */
export function readEnvoy(
  { certificate }: EnvoyHeaders,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  const value = headers.get(certificate.toLowerCase()) ?? ''
  if (value === '') refuse('certificate_missing')
  const [element, ...others] = readXfcc(value)
  if (!element || others.length > 0)
    return refuse('certificate_header_ambiguous', 'several elements')
  const cert = only(element, 'cert')
  const hash = only(element, 'hash')
  if (cert === undefined || hash === undefined) {
    return refuse(
      'certificate_header_malformed',
      'Cert or Hash is missing; set cert: true in Envoy',
    )
  }
  const leaf = decodeOneEscapedPem(cert)
  if (createHash('sha256').update(leaf).digest('hex') !== hash.toLowerCase()) {
    refuse('certificate_header_ambiguous', 'Hash is another certificate’s')
  }
  const chain = only(element, 'chain')
  if (chain === undefined || chain === '') return { leaf, intermediates: [] }
  const [first, ...intermediates] = decodeEscapedPem(chain)
  if (!first.equals(leaf)) refuse('certificate_header_ambiguous', 'Chain starts with another one')
  return { leaf, intermediates }
}

function only(element: ReadonlyMap<string, readonly string[]>, key: string): string | undefined {
  const values = element.get(key) ?? []
  if (values.length > 1) refuse('certificate_header_ambiguous', `${key} twice`)
  return values[0]
}
