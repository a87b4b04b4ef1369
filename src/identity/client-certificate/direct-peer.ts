import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import { admittedPeer } from './admitted-peer.ts'
import { refuse } from './certificate-refusal.ts'
import { firstCertificateHeader } from './forwarded/certificate-headers.ts'
import type { PresentedCertificate } from './trusted-authorities.ts'

/**
 * The certificate of a request to a listener that asks for one. Headers are a proxy's way, and there is none here: whoever
 * sends one means to be taken for somebody. Throws CertificateRefusal.
 */
export function directPeer({ socket, rawHeaders }: IncomingMessage): PresentedCertificate {
  const header = firstCertificateHeader(rawHeaders)
  if (header !== undefined)
    refuse('certificate_header_untrusted', `${header}, and there is no proxy`)
  if (!(socket instanceof TLSSocket)) return refuse('certificate_missing', 'no TLS')
  return admittedPeer(socket)
}
