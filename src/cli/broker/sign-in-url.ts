import { type Partition, parseRoleArn } from '../../entitlements/arn.ts'
import { partitionHosts } from '../../console/partition-hosts.ts'
import { CliFault } from '../cli-fault.ts'
import { isLoopback } from '../is-loopback.ts'

const plain = /^[\x21-\x7e]+$/

/**
 * A sign-in URL as a browser may have it: https on a sign-in host of the role's partition, or, where the broker is on this
 * machine, on this machine as well. CliFault for any other, and for what two readers could read differently.
 */
export function checkSignInUrl(text: string, roleArn: string, brokerOrigin: string): string {
  const url = URL.parse(text)
  const role = parseRoleArn(roleArn)
  // The text must be what the parser made of it: no tabs, backslashes or other host for another reader.
  if (!url || !role || !plain.test(text) || text.includes('\\') || url.href !== text) {
    throw refused(brokerOrigin, 'it is not written as an address should be')
  }
  if (url.username !== '' || url.password !== '') throw refused(brokerOrigin, 'it names a user')
  const onThisMachine = isLoopback(url.hostname) && isLoopback(new URL(brokerOrigin).hostname)
  if (onThisMachine && (url.protocol === 'http:' || url.protocol === 'https:')) return url.href
  if (url.protocol !== 'https:') throw refused(brokerOrigin, 'it is not https')
  if (url.port !== '' || !isSignInHost(url.hostname, role.partition)) {
    throw refused(brokerOrigin, 'it is not on a sign-in host of AWS')
  }
  return url.href
}

/** `signin.aws.amazon.com`, or the same of a region. */
function isSignInHost(host: string, partition: Partition): boolean {
  const endpoint = partitionHosts(partition, undefined)?.federationEndpoint
  if (endpoint === undefined) return false
  const usual = new URL(endpoint).hostname.replace(/^[\w-]+\.(?=signin\.)/, '')
  return host === usual || (host.endsWith(`.${usual}`) && /^[a-z\d-]+\.signin\./.test(host))
}

function refused(origin: string, why: string): CliFault {
  return new CliFault(`The sign-in URL that ${origin} gave is not opened: ${why}.`)
}
