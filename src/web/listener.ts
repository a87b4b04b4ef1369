import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { TlsOptions } from 'node:tls'
import { tlsPolicy } from '../identity/client-certificate/tls-policy.ts'
import { answerUnreadable } from './unreadable-request.ts'

export interface ListenAt {
  /** An address, or `localhost` for both loopback addresses. */
  readonly host: string
  /** 0 takes a free one. */
  readonly port: number
  /** PEM. */
  readonly tls?: { readonly certificate: string; readonly key: string } | undefined
  /** Bytes of all header lines together; 16,384 unless given. */
  readonly maxHeaderSize?: number | undefined
  /** What differs from the usual options of TLS: where clients are asked for certificates. */
  readonly tlsOptions?: TlsOptions | undefined
}

// Node's defaults hold a slow client for minutes.
const limits = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 5_000,
  maxHeaderSize: 16_384,
  connectionsCheckingInterval: 5_000,
}

/**
 * Listens with bounds on slow clients. With `localhost` there are two servers, on the same port. Rejects with an Error
 * that says in one line what to change when the port is taken or may not be opened.
 */
export async function listen(handler: RequestListener, at: ListenAt): Promise<readonly Server[]> {
  if (at.host !== 'localhost') return [await open(handler, at, at.host, at.port)]
  const main = await open(handler, at, '127.0.0.1', at.port)
  try {
    return [main, await open(handler, at, '::1', portOf(main))]
  } catch (error) {
    // A machine without IPv6 still has a loopback address.
    if (noSuchAddress.has(codeOf(error))) return [main]
    main.close()
    throw error
  }
}

/** The port that a server took. */
export function portOf(server: Server): number {
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server does not listen')
  return address.port
}

const noSuchAddress = new Set(['EADDRNOTAVAIL', 'EAFNOSUPPORT'])

async function open(
  handler: RequestListener,
  { tls, tlsOptions, maxHeaderSize = limits.maxHeaderSize }: ListenAt,
  host: string,
  port: number,
): Promise<Server> {
  const bounds = { ...limits, maxHeaderSize }
  const server = tls
    ? createHttpsServer(
        { ...bounds, ...tlsPolicy, cert: tls.certificate, key: tls.key, ...tlsOptions },
        handler,
      )
    : createHttpServer(bounds, handler)
  server.on('clientError', answerUnreadable)
  server.listen(port, host)
  try {
    await once(server, 'listening')
  } catch (cause) {
    throw noSuchAddress.has(codeOf(cause))
      ? cause
      : new Error(words(codeOf(cause), host, port), { cause })
  }
  return server
}

function words(code: string, host: string, port: number): string {
  const where = `port ${port} on ${host}`
  if (code === 'EADDRINUSE')
    return `${where} is taken; stop what listens there, or set another port`
  if (code === 'EACCES') return `${where} may not be opened by this user; take one above 1023`
  return `${where} can't be opened: ${code}`
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
