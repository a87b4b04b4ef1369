import type { Request, RequestHandler } from 'express'
import type { IncomingMessage } from 'node:http'
import type { Person } from '../identity/identity.ts'
import type { Effects } from '../effects.ts'
import { clientAddress, trustedProxyList } from '../identity/address.ts'

interface RequestContextParts {
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
  readonly settings: { readonly publicUrl: URL; readonly trustedProxies: readonly string[] }
  readonly isDraining: () => boolean
}

/** What is known of a request before anything of it is believed. */
export interface RequestFacts {
  /** Ours, whatever the client sends: it names one answer in the log, the trail and on the page. */
  readonly requestId: string
  readonly address: string
  /** Milliseconds since the epoch. */
  readonly startedAt: number
  /** Pattern of the route that answers, or `none`; metrics and log lines have no other name for a request. */
  route: string
  /** Whom a program acts for; browsers have their session. */
  person?: Person
}

const facts = new WeakMap<IncomingMessage, RequestFacts>()

/** Names each request and says where it came from; the first handler of all. */
export function requestContext(parts: RequestContextParts): RequestHandler {
  const { effects, settings, isDraining } = parts
  const trusted = trustedProxyList(settings.trustedProxies)
  const secure = settings.publicUrl.protocol === 'https:'
  return (request, response, next) => {
    const requestId = uuid(effects.randomBytes(16))
    const forwardedFor = request.headersDistinct['x-forwarded-for'] ?? []
    facts.set(request, {
      requestId,
      address: clientAddress(request.socket.remoteAddress, forwardedFor, trusted),
      startedAt: effects.now().getTime(),
      route: 'none',
    })
    // express-session sends Secure cookies only where this says so, and behind a proxy only the configuration knows.
    Object.defineProperty(request, 'secure', { value: secure })
    response.setHeader('X-Request-Id', requestId)
    if (isDraining()) response.setHeader('Connection', 'close')
    next()
  }
}

/** Throws when requestContext has not seen the request. */
export function requestFacts(request: Request): RequestFacts {
  const found = facts.get(request)
  if (!found) throw new Error('the request has not passed requestContext')
  return found
}

/** RFC 9562 §5.4, version 4. */
function uuid(random: Buffer): string {
  random.writeUInt8((random.readUInt8(6) & 0x0f) | 0x40, 6)
  random.writeUInt8((random.readUInt8(8) & 0x3f) | 0x80, 8)
  return random.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
