import type { CookieOptions, Request, Response } from 'express'

/** Names and attributes of our cookies: `__Host-` binds them to this very host, and takes https (RFC 6265bis §4.1.3.2). */
export interface CookieJar {
  readonly sessionName: string
  readonly attributes: CookieOptions
  /** Random value of a browser that has not signed in yet. */
  readonly visitor: Cookie
  /** Key that the results pages are sealed under. */
  readonly key: Cookie
}

interface Cookie {
  read(request: Request): string | undefined
  set(response: Response, value: string): void
  drop(response: Response): void
}

/** A 32-byte random value in base64url; anything else in one of our cookies is not from us. */
const shape = /^[\w-]{43}$/

export function createCookieJar(publicUrl: URL): CookieJar {
  const secure = publicUrl.protocol === 'https:'
  const prefix = secure ? '__Host-postern' : 'postern'
  const attributes: CookieOptions = { path: '/', httpOnly: true, secure, sameSite: 'lax' }

  function cookie(name: string): Cookie {
    return {
      read: (request) => valueOf(request, name),
      set(response, value) {
        response.cookie(name, value, attributes)
      },
      drop(response) {
        response.clearCookie(name, attributes)
      },
    }
  }

  return {
    sessionName: prefix,
    attributes,
    visitor: cookie(`${prefix}-visitor`),
    key: cookie(`${prefix}-key`),
  }
}

/** Undefined, too, where a name comes twice: one of them is somebody else's. */
function valueOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`))
  const value = values[0]?.slice(name.length + 1)
  return values.length === 1 && value !== undefined && shape.test(value) ? value : undefined
}
