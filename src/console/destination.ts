import type { Partition } from '../entitlements/arn.ts'
import { partitionOfRegion } from '../entitlements/region.ts'
import { InvalidDestination } from '../errors.ts'
import { partitionHosts } from './partition-hosts.ts'

const maxLength = 2048

export interface DestinationRules {
  readonly partition: Partition
  /** Region of the default page. */
  readonly region: string | undefined
  /** `aws.endpoints.console`, allowed beside AWS's own hosts. */
  readonly configuredConsole: string | undefined
}

/**
 * The destination as it goes to AWS: an https address on a console host of the partition, or one of the configured
 * console. Anything else, and anything that two readers could read differently, throws InvalidDestination.
 */
export function checkDestination(destination: string, rules: DestinationRules): string {
  const { configuredConsole } = rules
  checkText(destination)
  if (configuredConsole !== undefined && isOn(destination, configuredConsole))
    return normalized(destination)
  const host = hostOf(destination)
  if (!isConsoleHost(host, rules.partition))
    throw refused('It is not on an AWS console host of the partition of the role.')
  return normalized(destination)
}

/** The page that opens when nobody asks for another. Throws InvalidDestination where the partition has no known console. */
export function defaultDestination({
  partition,
  region,
  configuredConsole,
}: DestinationRules): string {
  if (configuredConsole !== undefined) {
    const { pathname, origin } = new URL(configuredConsole)
    return pathname === '/' ? `${origin}/console/home` : configuredConsole
  }
  const hosts = partitionHosts(partition, region)
  if (!hosts) throw noConsole(partition)
  return `${hosts.consoleOrigin}/console/home${region === undefined ? '' : `?region=${region}`}`
}

/** What to say for partitions whose console AWS does not publish. */
export function noConsole(partition: Partition): InvalidDestination {
  return new InvalidDestination(
    `Postern can not open the console in the partition ${partition}, whose hosts AWS does not publish. Take the credentials, or have aws.endpoints.federation and aws.endpoints.console set.`,
  )
}

function refused(rule: string): InvalidDestination {
  return new InvalidDestination(
    `Postern does not open that destination. ${rule} Copy the address from the AWS console's own address bar.`,
  )
}

/** Only what a browser would leave as it is: no white space, quotes, backslashes, controls or letters beyond ASCII. */
const plain = /^[\w\-.~:/?#[\]@!$&'()*+,;=%|^]*$/

function checkText(text: string): void {
  if (text.length > maxLength) throw refused(`It is longer than ${maxLength} characters.`)
  if (!plain.test(text)) throw refused('It holds characters that have no place in an address.')
  if (/%(?![\da-f]{2})/i.test(text)) throw refused('It holds a percent sign that encodes nothing.')
  if (/%(?:[01][\da-f]|7f)/i.test(text)) throw refused('It holds an encoded control character.')
}

const shape = /^https:\/\/([a-z\d.-]+)((?:[/?#].*)?)$/i

/** The host, as written: no user name, no port, no escape, nothing for a parser to improve. */
function hostOf(text: string): string {
  const [, host, rest] = shape.exec(text) ?? []
  if (host === undefined || rest === undefined)
    throw refused('It must begin with https:// and a host name, without user name and port.')
  // "//host" and "/\host" in a path are taken for another host by what redirects carelessly.
  if (/^\/(?:\/|%2f|%5c)/i.test(rest)) throw refused('Its path begins like another host.')
  return host.toLowerCase()
}

const accountPrefix = /^\d{12}-[a-z\d]{8}$/

/** `console…`, `{region}.console…`, and for several sessions in one browser `{account}-{8 characters}.{region}.console…`. */
function isConsoleHost(host: string, partition: Partition): boolean {
  const consoleHost = partitionHosts(partition, undefined)?.consoleHost
  if (consoleHost === undefined) throw noConsole(partition)
  if (host === consoleHost) return true
  if (!host.endsWith(`.${consoleHost}`)) return false
  const labels = host.slice(0, -consoleHost.length - 1).split('.')
  const region = labels.pop() ?? ''
  if (partitionOfRegion(region) !== partition) return false
  return labels.length === 0 || (labels.length === 1 && accountPrefix.test(labels[0] ?? ''))
}

function isOn(text: string, configured: string): boolean {
  const { origin } = new URL(configured)
  return text.startsWith(origin) && /^(?:[/?#]|$)/.test(text.slice(origin.length))
}

/** As browsers write it, so that what was checked is what is opened. */
function normalized(text: string): string {
  const url = URL.parse(text)
  if (!url) throw refused('It is not an address.')
  return url.href
}
