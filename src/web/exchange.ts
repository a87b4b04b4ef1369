import type { Request, Response } from 'express'
import type { Identity, PassedAssertion } from '../identity/identity.ts'
import { formOf } from './forms/body.ts'
import { type Fields, parseFields } from './forms/fields.ts'
import { requestFacts } from './request-context.ts'

/** One request and its answer, as handlers get them: everything from outside taken apart and checked for form. */
export interface Exchange {
  readonly request: Request
  readonly response: Response
  readonly query: Fields
  readonly form: Fields
  /** For the trail; with the digest of the browser session once somebody is signed in. */
  readonly context: {
    readonly requestId: string
    readonly address: string
    readonly asker?: string | undefined
    readonly assertion?: () => Promise<PassedAssertion | undefined>
  }
}

/** An exchange with somebody who is signed in. */
export interface SignedInExchange extends Exchange {
  readonly identity: Identity
}

/** Throws InvalidRequest where the query is malformed. A raw query is left to the handler. */
export function exchangeOf(
  request: Request,
  response: Response,
  query: 'parsed' | 'raw' = 'parsed',
): Exchange {
  const { requestId, address } = requestFacts(request)
  return {
    request,
    response,
    query: query === 'raw' ? {} : parseFields(rawQuery(request)),
    form: formOf(request),
    context: { requestId, address },
  }
}

/** The query as it came, without the question mark. */
export function rawQuery(request: Request): string {
  const at = request.url.indexOf('?')
  return at < 0 ? '' : request.url.slice(at + 1)
}

/** A named part of the route's path; empty where the route has none of that name. */
export function parameter({ request }: Exchange, name: string): string {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}
