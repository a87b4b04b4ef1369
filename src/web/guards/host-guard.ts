import type { Request, RequestHandler } from 'express'
import { canonicalAddress } from '../../identity/address.ts'
import { MisdirectedRequest } from '../../errors.ts'

const loopback = /^(?:127\.\d+\.\d+\.\d+|::1)$/

/**
 * Refuses a Host that is neither the public one nor the very address that the connection came in on, so that no page is
 * served under a name of somebody else's choosing (DNS rebinding, poisoned links).
 */
export function hostGuard(publicUrl: URL): RequestHandler {
  return (request, _response, next) => {
    const hosts = [hostOf(request, publicUrl.protocol), ...hostInTarget(request)]
    if (hosts.every((host) => host !== undefined && isOurs(host, request, publicUrl))) next()
    else throw new MisdirectedRequest('This is not the address of Postern.')
  }
}

/** Origins that a page of ours can have, as this request reached us (RFC 6454 §7). */
export function ownOrigins(request: Request, publicUrl: URL): readonly string[] {
  const { protocol } = request
  return [publicUrl.origin, ...hostsOfSocket(request).map((host) => `${protocol}://${host}`)]
}

function isOurs(host: string, request: Request, publicUrl: URL): boolean {
  return host === publicUrl.host || hostsOfSocket(request).some((own) => own === host)
}

function hostOf(request: Request, protocol: string): string | undefined {
  const [host, ...more] = request.headersDistinct['host'] ?? []
  if (host === undefined || more.length > 0 || !/^[\w.:[\]-]+$/.test(host)) return undefined
  return URL.parse(`${protocol}//${host}`)?.host
}

/** The host of a request line in absolute form, which counts before the header (RFC 9112 §3.2.2). */
function hostInTarget({ url }: Request): readonly (string | undefined)[] {
  return url.startsWith('/') ? [] : [URL.parse(url)?.host]
}

function hostsOfSocket({ socket, protocol }: Request): readonly string[] {
  const address = canonicalAddress(socket.localAddress ?? '')
  if (address === undefined) return []
  const names = [address.includes(':') ? `[${address}]` : address]
  if (loopback.test(address)) names.push('localhost')
  const port = String(socket.localPort)
  return names.flatMap((name) => URL.parse(`${protocol}://${name}:${port}`)?.host ?? [])
}
