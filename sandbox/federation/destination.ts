import { FederationRefusal } from './federation-refusal.ts'

/** The console hosts of AWS's public partitions, with and without a region in front. */
const CONSOLE_HOST =
  /^(?:[a-z0-9-]+\.)?(?:console\.aws\.amazon\.com|console\.amazonaws\.cn|console\.amazonaws-us-gov\.com|console\.amazonaws-eusc\.eu)$/

/**
 * Where a login leads within the stand-in: a console URL keeps its path, query and fragment and moves under
 * `/console`. AWS does not document which hosts it accepts; only consoles and the sandbox itself are ours.
 * Throws FederationRefusal for any other.
 */
export function rebasedDestination(
  destination: string,
  origin: string,
  extraHosts: readonly string[],
): string {
  const url = URL.parse(destination)
  if (url?.username !== '' || url.password !== '') {
    throw new FederationRefusal('Destination is not a URL')
  }
  if (isOwn(url, origin)) {
    const inside = url.pathname === '/console' || url.pathname.startsWith('/console/')
    if (!inside) throw new FederationRefusal('Destination is no console page')
    return `${url.pathname}${url.search}${url.hash}`
  }
  const standIn = CONSOLE_HOST.test(url.hostname) || extraHosts.includes(url.host)
  if (url.protocol !== 'https:' || url.port !== '' || !standIn) {
    throw new FederationRefusal('Destination is no console')
  }
  const path = url.pathname.startsWith('/console/') ? url.pathname : `/console${url.pathname}`
  if (!url.searchParams.has('region')) {
    const region = /^([a-z0-9-]+)\.console\./.exec(url.hostname)?.[1]
    if (region !== undefined) url.searchParams.set('region', region)
  }
  return `${path === '/console/' ? '/console/home' : path}${url.search}${url.hash}`
}

/** This machine goes by several names; the path alone is used, so the browser stays where it is. */
function isOwn(url: URL, origin: string): boolean {
  if (url.origin === origin) return true
  const loopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return loopback && url.protocol === 'http:' && url.port === URL.parse(origin)?.port
}
