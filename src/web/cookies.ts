import type { CookieOptions, Request, Response } from 'express'

/** Names and attributes of our cookies: `__Host-` binds them to this very host, and takes https (RFC 6265bis §4.1.3.2). */
export interface CookieJar {
  readonly sessionName: string
  readonly attributes: CookieOptions
  /** Random value of a browser that has not signed in yet. */
  readonly visitor: Cookie
  /** Key that the results pages are sealed under. */
  readonly key: Cookie
  /**
   * Random value of a browser that is on its way to an identity provider. It must come back with a POST from another
   * site, which no Lax cookie does; over http, where browsers take no SameSite=None, provider and Postern are one site.
   */
  readonly journey: Cookie
}

interface Cookie {
  read(request: Request): string | undefined
  /** With an end in seconds, or else until the browser is closed. */
  set(response: Response, value: string, seconds?: number): void
  drop(response: Response): void
}

/** A 32-byte random value in base64url; anything else in one of our cookies is not from us. */
const shape = /^[\w-]{43}$/

export function createCookieJar(publicUrl: URL): CookieJar {
  const secure = publicUrl.protocol === 'https:'
  const prefix = secure ? '__Host-postern' : 'postern'
  const attributes: CookieOptions = { path: '/', httpOnly: true, secure, sameSite: 'lax' }

  function cookie(name: string, sameSite: 'lax' | 'none' = 'lax'): Cookie {
    const own = { ...attributes, sameSite }
    return {
      read: (request) => valueOf(request, name),
      set(response, value, seconds) {
        const end = seconds === undefined ? {} : { maxAge: seconds * 1000 }
        response.cookie(name, value, { ...own, ...end })
      },
      drop(response) {
        response.clearCookie(name, own)
      },
    }
  }

  return {
    sessionName: prefix,
    attributes,
    visitor: cookie(`${prefix}-visitor`),
    key: cookie(`${prefix}-key`),
    journey: cookie(`${prefix}-journey`, secure ? 'none' : 'lax'),
  }
}

/** Undefined, too, where a name comes twice: one of them is somebody else's. */
function valueOf(request: Request, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim())
  const values = pairs.filter((pair) => pair.startsWith(`${name}=`))
  const value = values[0]?.slice(name.length + 1)
  return values.length === 1 && value !== undefined && shape.test(value) ? value : undefined
}
