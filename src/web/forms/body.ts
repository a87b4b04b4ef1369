import express, { type Request, type RequestHandler, type Response } from 'express'
import {
  type BrokerError,
  ContentTooLarge,
  InvalidRequest,
  UnsupportedMediaType,
} from '../../errors.ts'
import { type Fields, parseFields } from './fields.ts'

const type = 'application/x-www-form-urlencoded'
const tooLarge = 'The form is larger than it can be.'
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
    refuseDeclared(request, response, limit)
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

/**
 * Refuses a body by its declared length, before any of it is read: the reader would read it to its end first, however
 * long. One that is far too long ends the connection too, because Node would read on behind the answer.
 */
function refuseDeclared(request: Request, response: Response, limit: number): void {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length <= limit) return
  if (length > 8 * limit) response.setHeader('Connection', 'close')
  throw new ContentTooLarge(tooLarge)
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
  if (status === 413) return new ContentTooLarge(tooLarge, { cause })
  if (status === 415)
    return new UnsupportedMediaType('Postern takes no compressed forms.', { cause })
  return new InvalidRequest('The form did not arrive whole. Send it again.', { cause })
}
