import express, { type ErrorRequestHandler, type RequestHandler, type Router } from 'express'
import { BrokerError, MethodNotAllowed, NotFound } from '../../errors.ts'
import { exchangeOf } from '../exchange.ts'
import { requestFacts } from '../request-context.ts'
import { type ApiDependencies, createApiHandlers } from './api-handlers.ts'
import { createApiLimits } from './api-limits.ts'
import { type ApiRoute, apiRoutes } from './api-routes.ts'
import type { ApiWay } from './api-way.ts'
import { jsonReader } from './json-body.ts'
import { programsOnly } from './programs-only.ts'
import { createProve, wayOf } from './prove.ts'

type Prove = ReturnType<typeof createProve>

/**
 * The JSON API for one listener, with the ways to prove oneself that work there. It stands behind `requestContext` and
 * before browser sessions, which it never looks at; what it throws is for `errorHandler`, which answers it in JSON.
 */
export function createApiRouter(dependencies: ApiDependencies, ways: readonly ApiWay[]): Router {
  const router = express.Router({ caseSensitive: true, strict: true })
  const limits = createApiLimits(dependencies.attempts)
  const prove = createProve(limits)
  const methods = new Map<string, string[]>()
  for (const route of apiRoutes(createApiHandlers(dependencies, limits))) {
    const allow = route.method === 'get' ? ['GET', 'HEAD'] : ['POST']
    methods.set(route.path, [...(methods.get(route.path) ?? []), ...allow])
    router[route.method](route.path, named(route.path), run(route, ways, prove))
  }
  for (const [path, allow] of methods) {
    router.all(path, named(path), () => {
      throw new MethodNotAllowed(allow)
    })
  }
  router.use('/api', () => {
    throw new NotFound('Nothing lives at this address.')
  })
  router.use(challenged(ways))
  return router
}

function named(path: string): RequestHandler {
  return (request, response, next) => {
    requestFacts(request).route = path
    response.setHeader('Cache-Control', 'no-store')
    next()
  }
}

/**
 * From a program, with a proof, of a size and form that the route takes, and proven: in this order. Clients that ask first
 * what they must bring send no body then.
 */
function run(route: ApiRoute, ways: readonly ApiWay[], prove: Prove): RequestHandler {
  const read = route.method === 'post' ? jsonReader(route.bodyLimit) : () => undefined
  return async (request, response) => {
    programsOnly(request)
    const exchange = exchangeOf(request, response)
    if (route.access === 'public') {
      await route.handle(exchange, await read(request, response))
      return
    }
    const way = wayOf(ways, exchange)
    const body = await read(request, response)
    await route.handle(await prove(exchange, way), body)
  }
}

/** Every 401 says what would be taken, a line for each way (RFC 9110 §11.6.1), and what was wrong with a token (RFC 6750 §3). */
function challenged(ways: readonly ApiWay[]): ErrorRequestHandler {
  const challenges = ways.flatMap(({ challenge }) => challenge ?? [])
  return (error: unknown, _request, response, next) => {
    if (error instanceof BrokerError && error.status === 401) {
      const told = error.code === 'invalid_token' ? ', error="invalid_token"' : ''
      const lines = challenges.map((line) => (line.startsWith('Bearer ') ? `${line}${told}` : line))
      response.setHeader('WWW-Authenticate', lines)
    }
    next(error)
  }
}
