import { X509Certificate } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { SignInFailed, TooManyRequests } from '../../errors.ts'
import type { CertificateMethod } from '../../identity/client-certificate/certificate-method.ts'
import {
  CertificateRefusal,
  type CertificateRefusalCode,
} from '../../identity/client-certificate/certificate-refusal.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import type { WebMetrics } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import type { Proven } from './proven-identity.ts'

/** Runs a step of a sign-in by certificate; what it refuses is counted and recorded, and thrown again. */
export type TakeCertificate = <Result>(
  exchange: Exchange,
  method: CertificateMethod,
  step: () => Promise<Result>,
) => Promise<Result>

/** `limits` are left out where others count, as the API does. */
export function certificateRefusals(
  { metrics }: { readonly metrics: Pick<WebMetrics, 'certificateRefused'> },
  record: Pick<SignInRecord, 'refused'>,
  limits?: Pick<SignInLimits, 'admitAddress' | 'refusedAddress'>,
): TakeCertificate {
  return async (exchange, method, step) => {
    const { address } = exchange.context
    try {
      await limits?.admitAddress(address)
      return await step()
    } catch (error) {
      if (!(error instanceof SignInFailed || error instanceof TooManyRequests)) throw error
      if (error instanceof CertificateRefusal) {
        metrics.certificateRefused(method.id, error.refusal)
        if (isSuspect(error)) await limits?.refusedAddress(address)
      }
      await record.refused(exchange, method, error)
      throw error
    }
  }
}

const harmless = new Set<CertificateRefusalCode>([
  'certificate_missing',
  'certificate_return',
  'certificate_revocation_unknown',
])

/** A whole office shares an address: whoever brings none, comes back too late or meets our own trouble does not count. */
function isSuspect({ refusal }: CertificateRefusal): boolean {
  return !harmless.has(refusal)
}

/** Who the certificate of a request proves somebody to be. Rejects with CertificateRefusal, or as the look-up does. */
export async function proveCertificate(
  request: IncomingMessage,
  method: CertificateMethod,
): Promise<Proven> {
  const presented = method.presented(request)
  const identity = await method.verify(presented)
  const serial = new X509Certificate(presented.leaf).serialNumber.toLowerCase()
  return { identity, serial }
}
