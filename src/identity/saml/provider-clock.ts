import { request } from 'undici'
import type { Effects } from '../../effects.ts'
import type { Finding } from './saml-findings.ts'

const timeout = 5_000
const worthTelling = 10

/**
 * Compares our clock with the provider's, by the Date (RFC 9110 §6.6.1) of its answer to a HEAD request. Whatever it
 * answers counts, and no redirect is followed. `skew` is in seconds.
 */
export async function clockFinding(
  address: string,
  skew: number,
  { now, network }: Pick<Effects, 'now' | 'network'>,
): Promise<Finding> {
  const { host } = new URL(address)
  try {
    const sent = now().getTime()
    const { headers, body } = await request(address, {
      method: 'HEAD',
      dispatcher: network.dispatcher,
      signal: AbortSignal.timeout(timeout),
    })
    await body.dump()
    // The answer was made somewhere between, and Date has whole seconds.
    const ours = (sent + now().getTime()) / 2
    const theirs = Date.parse(String(headers['date']))
    if (Number.isNaN(theirs)) return { tone: 'note', text: `${host} does not tell the time.` }
    return judge(Math.round((theirs + 500 - ours) / 1000), host, skew)
  } catch {
    return { tone: 'note', text: `${host} could not be asked for the time from here.` }
  }
}

function judge(off: number, host: string, skew: number): Finding {
  const seconds = Math.abs(off)
  const text = `the clock of ${host} is ${String(seconds)} s ${off < 0 ? 'behind' : 'ahead of'} ours`
  if (seconds > skew)
    return {
      tone: 'fault',
      text: `${text}, more than clockSkew allows (${String(skew)} s). Set both clocks by NTP.`,
    }
  if (seconds > worthTelling) return { tone: 'note', text: `${text}. Set both clocks by NTP.` }
  return { tone: 'ok', text: `the clock of ${host} agrees with ours` }
}
