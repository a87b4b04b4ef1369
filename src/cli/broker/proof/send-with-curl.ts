import type { Answer } from '../../../rolesanywhere/exchange.ts'
import { AwsUnavailable } from '../../../errors.ts'
import { CliFault } from '../../cli-fault.ts'
import { isLoopback } from '../../is-loopback.ts'
import { toolWithin } from '../../stores/run-tool.ts'
import type { Surroundings } from '../../surroundings.ts'
import {
  type ApiRequest,
  largestAnswer,
  patience,
  usualHeaders,
  type Way,
} from '../broker-sender.ts'

const run = toolWithin(patience + 5_000)
// Behind the body, so that a body can't pretend to be it: the last line is curl's own.
const trailer = '\\n%{http_code} %{content_type}'

/** Whether there is a curl that can prove itself with a ticket. */
export async function hasNegotiatingCurl(): Promise<boolean> {
  const version = await run('curl', ['--version'], '').catch(() => '')
  return /^Features:.*\bSPNEGO\b/m.test(version)
}

/** Sends by curl, which takes the ticket from the system. It reads no file of settings and follows no redirect. */
export async function sendWithCurl(
  { origin, route }: Way,
  { method, path, body }: ApiRequest,
  surroundings: Surroundings,
): Promise<Answer> {
  const headers = {
    ...usualHeaders(surroundings),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  }
  const args = [
    ...['--disable', '--silent', '--show-error', '--negotiate', '--user', ':'],
    ...['--request', method, '--max-redirs', '0', '--proto', '=http,https'],
    ...['--max-time', String(patience / 1000), '--max-filesize', String(largestAnswer)],
    ...Object.entries(headers).flatMap(([name, value]) => ['--header', `${name}: ${value}`]),
    // A proxy is elsewhere and would take this machine's loopback for its own.
    ...(isLoopback(new URL(origin).hostname) ? ['--noproxy', '*'] : []),
    ...(route.caBundle === undefined ? [] : ['--cacert', route.caBundle]),
    ...(body === undefined ? [] : ['--data-binary', '@-']),
    ...['--write-out', trailer, '--url', `${origin}${path}`],
  ]
  const printed = await run('curl', args, body === undefined ? '' : JSON.stringify(body)).catch(
    (cause: unknown) => {
      const detail = cause instanceof CliFault ? cause.detail : undefined
      throw new AwsUnavailable(`${origin} could not be reached by curl.`, {
        cause,
        ...(detail !== undefined && { detail }),
      })
    },
  )
  const at = printed.lastIndexOf('\n')
  const [, status = '', type = ''] = /^(\d{3}) (.*)$/.exec(printed.slice(at + 1)) ?? []
  return { status: Number(status), headers: { 'content-type': type }, body: printed.slice(0, at) }
}
