import type { Request, RequestHandler, Response } from 'express'
import { bodyReader } from '../read-body.ts'
import { type Fields, parseFields } from './fields.ts'

const forms = new WeakMap<Request, Fields>()

/**
 * Reads the form of a request, at most `limit` bytes of it. Refuses with ContentTooLarge, UnsupportedMediaType (another
 * type, charset or compression) or InvalidRequest.
 */
export function formBody(limit: number): RequestHandler {
  const read = formReader(limit)
  return async (request, response, next) => {
    await read(request, response)
    next()
  }
}

/** The same for a handler that reads the form by itself. */
export function formReader(
  limit: number,
): (request: Request, response: Response) => Promise<Fields> {
  const read = bodyReader({
    type: 'application/x-www-form-urlencoded',
    limit,
    noun: 'form',
    wrongType: 'Postern reads forms in UTF-8 only.',
  })
  return async (request, response) => {
    const fields = parseFields(await read(request, response))
    forms.set(request, fields)
    return fields
  }
}

/** The fields of the form that came with the request; none for a request without. */
export function formOf(request: Request): Fields {
  return forms.get(request) ?? {}
}
