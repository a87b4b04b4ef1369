import { BlockList, isIP, SocketAddress } from 'node:net'

const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/
const withPort = /^(?:\[([^\]]+)\]|(\d+\.\d+\.\d+\.\d+))(?::\d{1,5})?$/

/**
 * The proxies whose X-Forwarded-For is believed, from CIDRs or single addresses. Throws RangeError naming the entry that
 * is neither.
 */
export function trustedProxyList(entries: readonly string[]): BlockList {
  const list = new BlockList()
  for (const entry of entries) {
    const [network = '', prefix, ...more] = entry.split('/')
    const version = isIP(network)
    const bits = prefix === undefined ? undefined : Number(prefix)
    const most = version === 4 ? 32 : 128
    const wrongPrefix = prefix !== undefined && (!/^\d{1,3}$/.test(prefix) || Number(prefix) > most)
    if (version === 0 || more.length > 0 || wrongPrefix) {
      throw new RangeError(`${entry} is neither an IP address nor a CIDR`)
    }
    list.addSubnet(network, bits ?? most, version === 4 ? 'ipv4' : 'ipv6')
  }
  return list
}

/** One spelling per address: IPv6 compressed and without zone, IPv4-mapped as IPv4. Undefined for anything else. */
export function canonicalAddress(text: string): string | undefined {
  const [bare = ''] = text.split('%')
  const version = isIP(bare)
  if (version === 4) return bare
  if (version === 0) return undefined
  const { address } = new SocketAddress({ address: bare, family: 'ipv6' })
  return mapped.exec(address)?.[1] ?? address
}

/**
 * Where a request came from. X-Forwarded-For is read from the right, each hop believed only when the one after it is a
 * trusted proxy: what a client writes into the header stands left of the first hop that isn't.
 */
export function clientAddress(
  peer: string | undefined,
  forwardedFor: readonly string[],
  trusted: BlockList,
): string {
  let nearest = canonicalAddress(peer ?? '') ?? 'unknown'
  const hops = forwardedFor.join(',').split(',')
  while (hops.length > 0 && isTrusted(nearest, trusted)) {
    const hop = hops.pop()?.trim() ?? ''
    const [, bracketed, plain] = withPort.exec(hop) ?? []
    const next = canonicalAddress(bracketed ?? plain ?? hop)
    if (next === undefined) break
    nearest = next
  }
  return nearest
}

function isTrusted(address: string, trusted: BlockList): boolean {
  const version = isIP(address)
  return version !== 0 && trusted.check(address, version === 4 ? 'ipv4' : 'ipv6')
}

/** What tries are counted by: an IPv4 address, or the /64 that one IPv6 customer has all to himself. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address
  const [head = '', tail] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const rightLength = right.length + (right.at(-1)?.includes('.') ? 1 : 0)
  const zeros = Array.from({ length: 8 - left.length - rightLength }, () => '0')
  const groups = tail === undefined ? left : [...left, ...zeros, ...right]
  return `${groups.slice(0, 4).join(':')}::/64`
}
