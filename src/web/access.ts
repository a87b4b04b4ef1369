import type { RequestHandler } from 'express'
import { SignInRequired } from '../errors.ts'
import type { ReturnPlace } from '../identity/sign-in-state.ts'
import { seeOther, wantsJson } from './answers.ts'
import type { CookieJar } from './cookies.ts'
import { type Exchange, exchangeOf } from './exchange.ts'
import type { ReturnPlaces } from './return-places.ts'
import type { Route } from './routes.ts'
import { isPartOfPage } from './top-level-navigation.ts'
import { identityOf } from './visitor.ts'

/** Lets in whom the route is for, and sends everybody else to sign in, to come back afterwards. */
export function access(route: Route, places: ReturnPlaces, jar: CookieJar): RequestHandler {
  return async (request, response, next) => {
    if (route.access === 'public' || identityOf(request)) {
      next()
      return
    }
    if (wantsJson(request)) throw new SignInRequired('Sign in first.')
    const exchange = exchangeOf(request, response)
    const place = placeOf(route, exchange)
    // Places are counted for each address, and images on anybody's page would use up those of the visitor's office.
    const isSeen = request.method !== 'HEAD' && !isPartOfPage(request)
    const worthKeeping = isSeen && place !== undefined && place.path !== '/'
    const number = worthKeeping ? await places.keep(exchange, place) : undefined
    const query = new URLSearchParams({
      ...(number !== undefined && { continue: number }),
      ...(hadSession(request.headers.cookie, jar.sessionName) && { ended: 'yes' }),
    })
    seeOther(response, query.size > 0 ? `/sign-in?${query.toString()}` : '/sign-in')
  }
}

function placeOf(route: Route, exchange: Exchange): ReturnPlace | undefined {
  if ('place' in route) return route.place(exchange)
  return route.method === 'get' ? { path: ownAddress(exchange), form: undefined } : undefined
}

/** Path and query, whatever form the request line had (RFC 9112 §3.2). */
function ownAddress({ request }: Exchange): string {
  const query = request.url.indexOf('?')
  return request.path + (query < 0 ? '' : request.url.slice(query))
}

function hadSession(cookies: string | undefined, name: string): boolean {
  return cookies?.split(';').some((pair) => pair.trim().startsWith(`${name}=`)) ?? false
}
