import { SignInFailed, TooManyRequests } from '../../errors.ts'
import type { KerberosMethod } from '../../identity/kerberos/kerberos-method.ts'
import { KerberosRefusal } from '../../identity/kerberos/kerberos-refusal.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import type { WebMetrics } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import type { SignInRecord } from '../sign-in-record.ts'

/** Runs what takes a ticket; what it refuses is counted and recorded, and thrown again. */
type TakeTicket = <Result>(exchange: Exchange, take: () => Promise<Result>) => Promise<Result>

export function ticketRefusals(
  method: KerberosMethod,
  metrics: Pick<WebMetrics, 'ticketRefused'>,
  limits: SignInLimits,
  record: SignInRecord,
): TakeTicket {
  return async (exchange, take) => {
    const { address } = exchange.context
    try {
      await limits.admitAddress(address)
      return await take()
    } catch (error) {
      if (!(error instanceof SignInFailed || error instanceof TooManyRequests)) throw error
      if (error instanceof SignInFailed && !isOffer(error)) await limits.refusedAddress(address)
      if (error instanceof KerberosRefusal) metrics.ticketRefused(method.id, error.refusal)
      await record.refused(exchange, method, error)
      throw error
    }
  }
}

/**
 * Browsers offer NTLM by themselves where they have no ticket. Nobody guesses by it, and it would close a whole office's
 * address to its forms.
 */
function isOffer(error: SignInFailed): boolean {
  return error instanceof KerberosRefusal && error.refusal === 'kerberos_ntlm'
}
