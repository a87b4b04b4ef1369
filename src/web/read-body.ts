import type { Request, Response } from 'express'
import rawBody from 'raw-body'
import { BrokerError, ContentTooLarge, InvalidRequest, UnsupportedMediaType } from '../errors.ts'

/** What a route takes for a body, and the words for what it does not take. */
export interface BodyRule {
  readonly type: string
  /** Bytes. */
  readonly limit: number
  /** `form`: what people read in a refusal. */
  readonly noun: string
  /** Said to another type or charset. */
  readonly wrongType: string
}

/**
 * Reads the body of a request as UTF-8 text. Rejects with ContentTooLarge, UnsupportedMediaType (another type, charset or
 * compression) or InvalidRequest.
 */
export function bodyReader(
  rule: BodyRule,
): (request: Request, response: Response) => Promise<string> {
  const { type, limit, noun } = rule
  const tooLarge = `The ${noun} is larger than it can be.`
  return async (request, response) => {
    const declared = request.headers['content-type'] ?? ''
    if (request.is(type) === false || !/^[^;]*(?:;\s*charset="?utf-8"?\s*)?$/i.test(declared)) {
      throw new UnsupportedMediaType(rule.wrongType)
    }
    if ((request.headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity') {
      throw new UnsupportedMediaType(`Postern takes no compressed ${noun}.`)
    }
    refuseDeclared(request, response, limit, tooLarge)
    const length = request.headers['content-length'] ?? null
    try {
      return textOf(await rawBody(request, { limit, length }), noun)
    } catch (fault) {
      if (fault instanceof BrokerError) throw fault
      const refusal = refusalOf(fault, noun, tooLarge)
      // Whoever sends without end is not listened to any longer.
      if (refusal instanceof ContentTooLarge) response.setHeader('Connection', 'close')
      throw refusal
    }
  }
}

/**
 * Refuses a body by its declared length, before any of it is read. One that is far too long ends the connection too, because Node would read on behind the answer.
 */
function refuseDeclared(
  request: Request,
  response: Response,
  limit: number,
  tooLarge: string,
): void {
  const length = Number(request.headers['content-length'] ?? 0)
  if (length <= limit) return
  if (length > 8 * limit) response.setHeader('Connection', 'close')
  throw new ContentTooLarge(tooLarge)
}

function textOf(body: Buffer, noun: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body)
  } catch (cause) {
    throw new InvalidRequest(`The ${noun} is not encoded in UTF-8.`, { cause })
  }
}

/** The reader's own words are for its log; ours say what to do. */
function refusalOf(cause: unknown, noun: string, tooLarge: string): BrokerError {
  const status: unknown = cause instanceof Error ? Reflect.get(cause, 'status') : undefined
  if (status === 413) return new ContentTooLarge(tooLarge, { cause })
  return new InvalidRequest(`The ${noun} did not arrive whole. Send it again.`, { cause })
}
