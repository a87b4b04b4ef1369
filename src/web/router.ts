import { createHash } from 'node:crypto'
import express, { type RequestHandler, type Router } from 'express'
import { CrossSiteRequest, MethodNotAllowed } from '../errors.ts'
import { type Exchange, exchangeOf, type SignedInExchange } from './exchange.ts'
import { formBody } from './forms/body.ts'
import type { FormTokens } from './forms/form-tokens.ts'
import { requestFacts } from './request-context.ts'
import type { Route } from './routes.ts'
import type { KeptAssertions } from './saml/kept-assertion.ts'
import { signedInIdentity } from './visitor.ts'

/** What each route passes before its handler. */
export interface RouteGuards {
  readonly crossSite: RequestHandler
  readonly access: (route: Route) => RequestHandler
  readonly tokens: FormTokens
  readonly kept: Pick<KeptAssertions, 'find'>
}

/**
 * The table, as express runs it. A form passes, in this order: its origin, its size and encoding, its sender, its token;
 * what a provider sends passes none of these, and its signature instead.
 * A method that an address does not take gets 405 with Allow.
 */
export function routerOf(table: readonly Route[], guards: RouteGuards): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const methods = new Map<string, string[]>()
  for (const route of table) {
    const known = methods.get(route.path) ?? []
    methods.set(route.path, [...known, ...(route.method === 'get' ? ['GET', 'HEAD'] : ['POST'])])
    router[route.method](
      route.path,
      named(route.path),
      ...stepsOf(route, guards),
      run(route, guards),
    )
  }
  for (const [path, allow] of methods) {
    router.all(path, named(path), () => {
      throw new MethodNotAllowed(allow)
    })
  }
  return router
}

function stepsOf(route: Route, { crossSite, access, tokens }: RouteGuards): RequestHandler[] {
  if (route.method === 'get') return [access(route)]
  if ('from' in route) return []
  return [crossSite, formBody(route.bodyLimit), access(route), token(route, tokens)]
}

function named(path: string): RequestHandler {
  return (request, _response, next) => {
    requestFacts(request).route = path
    next()
  }
}

function token(route: Extract<Route, { token: unknown }>, tokens: FormTokens): RequestHandler {
  return async (request, response, next) => {
    if (tokens.isFresh(request, route.token)) next()
    else if (route.stale) await route.stale(exchangeOf(request, response))
    else {
      throw new CrossSiteRequest(
        'The page was open for too long, so nothing was sent. Go back, reload it and try again.',
      )
    }
  }
}

function run(route: Route, { kept }: RouteGuards): RequestHandler {
  return async (request, response) => {
    const isRaw = 'query' in route || 'from' in route
    const exchange = exchangeOf(request, response, isRaw ? 'raw' : 'parsed')
    if (route.access === 'public') await route.handle(exchange)
    else await route.handle(signedIn(exchange, kept))
  }
}

/** The ID of the browser session is a secret, and only its digest goes further. */
function signedIn(exchange: Exchange, kept: RouteGuards['kept']): SignedInExchange {
  const { request, context } = exchange
  const asker = createHash('sha256').update(request.sessionID).digest('base64url')
  const assertion = () => kept.find(exchange)
  return {
    ...exchange,
    context: { ...context, asker, assertion },
    identity: signedInIdentity(request),
  }
}
