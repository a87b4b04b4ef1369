import { CliFault } from '../../cli-fault.ts'
import { importOptional } from '../../keys/import-optional.ts'
import type { Surroundings } from '../../surroundings.ts'
import { type Send, sendTo, type Way } from '../broker-sender.ts'
import { hasNegotiatingCurl, sendWithCurl } from './send-with-curl.ts'
import { noTicket, ticketFor } from './ticket-for.ts'

/**
 * Sends with a Kerberos ticket for the broker (RFC 4559 §4), by the optional package `kerberos`, else by curl. CliFault
 * where there is neither, or no ticket.
 */
export function sendWithTicket(way: Way, surroundings: Surroundings): Send {
  const { hostname } = new URL(way.origin)
  return async (request) => {
    const loaded: unknown = await importOptional('kerberos').catch(() => undefined)
    if (loaded !== undefined) {
      const ticket = await ticketFor(loaded, hostname)
      return sendTo(way, request, { authorization: `Negotiate ${ticket}` }, surroundings)
    }
    if (await hasNegotiatingCurl()) {
      const answer = await sendWithCurl(way, request, surroundings)
      // Without a ticket curl sends the request as it is, and says nothing.
      if (answer.status === 401 && answer.body.includes('"login_required"'))
        throw noTicket(hostname)
      return answer
    }
    throw new CliFault(
      'Kerberos needs a curl that knows SPNEGO, or the package kerberos beside Postern: ' +
        'npm install --no-save --no-strict-allow-scripts kerberos@7.0.0',
    )
  }
}
