import { SignInFailed, TooManyRequests } from '../../errors.ts'
import type { KerberosMethod } from '../../identity/kerberos/kerberos-method.ts'
import { KerberosRefusal } from '../../identity/kerberos/kerberos-refusal.ts'
import type { ApiWay } from '../api/api-way.ts'
import type { WebMetrics } from '../dependencies.ts'
import type { SignInRecord } from '../sign-in-record.ts'
import { negotiationOf } from './negotiation.ts'

/**
 * A ticket as the proof of one request to the API (RFC 4559). Each request needs a token of its own, which
 * `curl --negotiate` and `Invoke-RestMethod -UseDefaultCredentials` make by themselves, and is a sign-in of its own in the
 * trail.
 */
export function kerberosWay(
  method: KerberosMethod,
  metrics: Pick<WebMetrics, 'ticketRefused'>,
  record: Pick<SignInRecord, 'signedIn' | 'refused'>,
): ApiWay {
  const { machines } = method
  return {
    challenge: 'Negotiate',
    claims: ({ request }) => negotiationOf(request) !== undefined,
    async authenticate(exchange) {
      const { request, response } = exchange
      try {
        const { identity, mutualToken } = await method.verify(negotiationOf(request), { machines })
        if (mutualToken !== undefined) {
          response.setHeader('WWW-Authenticate', `Negotiate ${mutualToken}`)
        }
        return {
          identity,
          by: 'ticket',
          asker: undefined,
          record: () => record.signedIn(exchange, identity),
        }
      } catch (error) {
        if (error instanceof SignInFailed || error instanceof TooManyRequests) {
          if (error instanceof KerberosRefusal) metrics.ticketRefused(method.id, error.refusal)
          await record.refused(exchange, method, error)
        }
        throw error
      }
    },
  }
}
