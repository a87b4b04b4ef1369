import type { IncomingMessage } from 'node:http'
import type { Identity } from '../identity.ts'
import type { PresentedCertificate } from './trusted-authorities.ts'

/** Sign-in by client certificate, as pages and the API see it. */
export interface CertificateMethod {
  readonly id: string
  readonly label: string
  readonly people: string
  /** Origin of the listener that asks for certificates; undefined where a proxy hands them on to the main one. */
  readonly origin: string | undefined
  /** Whether a request brings a certificate, or says so. */
  brings(request: IncomingMessage): boolean
  /** What it brings; nothing of it has been checked. Throws CertificateRefusal. */
  presented(request: IncomingMessage): PresentedCertificate
  /** Runs every check and says who it is. Rejects with CertificateRefusal, or as the look-up does. */
  verify(presented: PresentedCertificate): Promise<Identity>
}
