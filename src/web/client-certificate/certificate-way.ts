import type { CertificateMethod } from '../../identity/client-certificate/certificate-method.ts'
import type { ApiWay } from '../api/api-way.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { proveCertificate, type TakeCertificate } from './prove-certificate.ts'

/**
 * A client certificate as the proof of one request to the API: `curl --cert` needs nothing else. Each request is checked
 * anew, also on a connection that stays open, and is a sign-in of its own in the trail.
 */
export function certificateWay(
  method: CertificateMethod,
  take: TakeCertificate,
  record: Pick<SignInRecord, 'signedIn'>,
): ApiWay {
  return {
    challenge: undefined,
    claims: ({ request }) => method.brings(request),
    async authenticate(exchange) {
      const { identity, serial } = await take(exchange, method, () =>
        proveCertificate(exchange.request, method),
      )
      return {
        identity,
        by: 'certificate',
        asker: undefined,
        record: () => record.signedIn(exchange, identity, { certificateSerial: serial }),
      }
    },
  }
}
