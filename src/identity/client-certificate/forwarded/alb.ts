import { refuse } from '../certificate-refusal.ts'
import type { PresentedCertificate } from '../trusted-authorities.ts'
import { decodeEscapedPem, decodeOneEscapedPem } from './encodings.ts'

/** Name of the header; AWS fixes it. */
export interface AlbHeaders {
  readonly certificate: string
}

/** Elastic Load Balancing, "Mutual authentication with TLS", verify mode: the leaf, which the balancer has verified. */
export function readAlbVerify(
  names: AlbHeaders,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  return { leaf: decodeOneEscapedPem(valueOf(names, headers)), intermediates: [] }
}

/** Passthrough mode: the whole chain, which nobody has verified but for the handshake. */
export function readAlbPassthrough(
  names: AlbHeaders,
  headers: ReadonlyMap<string, string>,
): PresentedCertificate {
  const [leaf, ...intermediates] = decodeEscapedPem(valueOf(names, headers))
  return { leaf, intermediates }
}

function valueOf({ certificate }: AlbHeaders, headers: ReadonlyMap<string, string>): string {
  const value = headers.get(certificate.toLowerCase()) ?? ''
  if (value === '') refuse('certificate_missing')
  return value
}
