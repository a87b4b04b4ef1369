import express, { type Request, type RequestHandler, type Response } from 'express'
import {
  type BrokerError,
  ContentTooLarge,
  InvalidRequest,
  UnsupportedMediaType,
} from '../../errors.ts'
import { type Fields, parseFields } from './fields.ts'

const type = 'application/x-www-form-urlencoded'
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
  const read: RequestHandler = express.raw({ type, limit, inflate: false })
  return async (request, response) => {
    const declared = request.headers['content-type'] ?? ''
    if (request.is(type) === false || !/^[^;]*(?:;\s*charset="?utf-8"?\s*)?$/i.test(declared)) {
      throw new UnsupportedMediaType('Postern reads forms in UTF-8 only.')
    }
    // Awaited, because what is thrown in the reader's own callback would end the process.
    const { promise, resolve } = Promise.withResolvers<unknown>()
    void read(request, response, resolve)
    const fault = await promise
    if (fault !== undefined) throw refusalOf(fault)
    const fields = parseFields(textOf(request.body))
    forms.set(request, fields)
    return fields
  }
}

/** The fields of the form that came with the request; none for a request without. */
export function formOf(request: Request): Fields {
  return forms.get(request) ?? {}
}

function textOf(body: unknown): string {
  if (!Buffer.isBuffer(body)) return ''
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new InvalidRequest('The form is not encoded in UTF-8.', { cause })
  }
}

/** The reader's own words are for its log; ours say what to do. */
function refusalOf(cause: unknown): BrokerError {
  const status: unknown = cause instanceof Error ? Reflect.get(cause, 'status') : undefined
  if (status === 413) return new ContentTooLarge('The form is larger than it can be.', { cause })
  if (status === 415)
    return new UnsupportedMediaType('Postern takes no compressed forms.', { cause })
  return new InvalidRequest('The form did not arrive whole. Send it again.', { cause })
}
