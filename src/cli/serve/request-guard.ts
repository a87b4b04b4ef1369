import type { IncomingMessage } from 'node:http'

/** Why a request is not answered. */
export interface Refusal {
  readonly status: number
  readonly text: string
}

// The addresses by which programs of this machine, and containers behind its address translation, know the service. A
// name would be somebody's to point here: DNS rebinding.
const ours =
  /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\]|169\.254\.169\.254|169\.254\.170\.(?:2|23)|\[fd00:ec2::(?:254|23)\])(?::\d{1,5})?$/i

/** Refuses whatever a browser or a proxy may have brought, whichever route it asks for. */
export function refusalOf({ headers }: IncomingMessage): Refusal | undefined {
  if (headers['x-forwarded-for'] !== undefined) {
    return { status: 400, text: 'unable to process requests with X-Forwarded-For header' }
  }
  if (headers.host === undefined || !ours.test(headers.host)) {
    return { status: 421, text: 'unable to process requests for another host' }
  }
  for (const name in headers) {
    if (name === 'origin' || name.startsWith('sec-fetch-')) {
      return { status: 403, text: 'unable to process requests from a browser' }
    }
  }
  return undefined
}
