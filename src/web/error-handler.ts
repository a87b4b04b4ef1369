import type { ErrorRequestHandler, Response } from 'express'
import { BrokerError, MethodNotAllowed, TooManyRequests } from '../errors.ts'
import { wantsJson } from './answers.ts'
import type { WebDependencies } from './dependencies.ts'
import type { ShowPage } from './page-renderer.ts'
import { errorModel } from './pages/error-model.ts'
import { requestFacts } from './request-context.ts'
import { standingOf } from './standing.ts'
import { identityOf } from './visitor.ts'

const unavailableSeconds = 30

/**
 * Answers whatever was thrown: foreseen failures in their own words, all others as `server_error` with the request ID and
 * nothing else. Program or person get JSON or a page.
 */
export function errorHandler(
  { logger, effects }: Pick<WebDependencies, 'logger' | 'effects'>,
  showPage: ShowPage,
): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    const { requestId, route } = requestFacts(request)
    const page = errorModel(error, {
      now: effects.now(),
      signedIn: identityOf(request) !== undefined,
      about: standingOf(request),
    })
    const line = {
      requestId,
      route,
      status: page.status,
      ...(error instanceof BrokerError && { error: error.name, detail: error.detail }),
      ...(page.status >= 500 && { err: error }),
    }
    if (page.status >= 500) logger.error(line, 'request failed')
    else logger.info(line, 'request refused')

    if (response.headersSent) {
      next(error)
      return
    }
    addHeaders(error, page.status, response)
    if (wantsJson(request)) {
      response.status(page.status).json({
        error: codeOf(error, page.status),
        error_description: page.message,
        ...(page.causes.length > 0 && { causes: page.causes, remedies: page.remedies }),
        request_id: requestId,
      })
      return
    }
    showPage({ request, response }, 'error', page, { title: page.heading, status: page.status })
  }
}

function codeOf(error: unknown, status: number): string {
  if (error instanceof BrokerError) return error.code
  return status < 500 ? 'invalid_request' : 'server_error'
}

function addHeaders(error: unknown, status: number, response: Response): void {
  if (error instanceof MethodNotAllowed) response.setHeader('Allow', error.allow.join(', '))
  if (error instanceof TooManyRequests) {
    response.setHeader('Retry-After', String(error.retryAfterSeconds))
  } else if (status === 503) response.setHeader('Retry-After', String(unavailableSeconds))
}
