import type { RequestHandler } from 'express'
import { createHash } from 'node:crypto'
import { personKey } from '../identity/identity.ts'
import type { WebDependencies } from './dependencies.ts'
import { requestFacts } from './request-context.ts'
import { identityOf } from './visitor.ts'

const probes = new Set(['/healthz', '/readyz'])

/** One log line and one count for each answer. Neither has the address line of the request: queries may hold anything. */
export function accessLog({ logger, metrics, effects }: WebDependencies): RequestHandler {
  return (request, response, next) => {
    response.on('close', () => {
      const { requestId, route, startedAt, ...facts } = requestFacts(request)
      const milliseconds = effects.now().getTime() - startedAt
      const { method } = request
      const person = identityOf(request)?.person ?? facts.person
      const line = {
        requestId,
        method,
        route,
        status: response.statusCode,
        milliseconds,
        ...(person && { person: digest(personKey(person)) }),
        ...(!response.writableFinished && { aborted: true }),
      }
      logger[probes.has(route) ? 'debug' : 'info'](line, 'request')
      metrics.request(route, method, response.statusCode, milliseconds / 1000)
    })
    next()
  }
}

/** Enough to follow one person through the log, and not a name. */
function digest(key: string): string {
  return createHash('sha256').update(key).digest('base64url').slice(0, 12)
}
