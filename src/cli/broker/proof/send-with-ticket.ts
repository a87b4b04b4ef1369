import { CliFault } from '../../cli-fault.ts'
import { importOptional } from '../../keys/import-optional.ts'
import type { Surroundings } from '../../surroundings.ts'
import { type Send, sendTo, type Way } from '../broker-sender.ts'
import { hasNegotiatingCurl, sendWithCurl } from './send-with-curl.ts'
import { ticketFor } from './ticket-for.ts'

/**
 * Sends with a Kerberos ticket for the broker (RFC 4559 §4), by the optional package `kerberos`, else by curl. CliFault
 * where there is neither, or no ticket.
 */
export function sendWithTicket(way: Way, surroundings: Surroundings): Send {
  return async (request) => {
    const loaded: unknown = await importOptional('kerberos').catch(() => undefined)
    if (loaded !== undefined) {
      const ticket = await ticketFor(loaded, new URL(way.origin).hostname)
      return sendTo(way, request, { authorization: `Negotiate ${ticket}` }, surroundings)
    }
    if (await hasNegotiatingCurl()) return sendWithCurl(way, request, surroundings)
    throw new CliFault(
      'Kerberos needs the package kerberos beside Postern (npm install kerberos), or a curl that knows SPNEGO.',
    )
  }
}
