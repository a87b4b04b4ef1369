import { CliFault } from '../cli-fault.ts'
import { isLoopback } from '../is-loopback.ts'

/** An STS of the broker's own, as tools may be told of it: https, or on this machine where the broker is too. CliFault otherwise. */
export function checkStsEndpoint(text: string, brokerOrigin: string): string {
  const url = new URL(text)
  const onThisMachine = isLoopback(url.hostname) && isLoopback(new URL(brokerOrigin).hostname)
  const isPlain = url.username === '' && url.password === '' && /^[\w:/.[\]-]+$/.test(text)
  if (isPlain && (url.protocol === 'https:' || onThisMachine)) return text
  throw new CliFault(`${brokerOrigin} names an STS that is not to be asked.`)
}
