import type { Request, Response } from 'express'
import { bodyReader } from '../read-body.ts'
import { parseStrictJson } from './strict-json.ts'

/**
 * Reads the JSON of a request, at most `limit` bytes of it. No page of another site can send this type without asking
 * first, and there is no CORS here to say yes (Fetch §4.8). Rejects with ContentTooLarge, UnsupportedMediaType or
 * InvalidRequest.
 */
export function jsonReader(
  limit: number,
): (request: Request, response: Response) => Promise<unknown> {
  const read = bodyReader({
    type: 'application/json',
    limit,
    noun: 'body',
    wrongType: 'Postern reads JSON in UTF-8 only. Send it with Content-Type: application/json.',
  })
  return async (request, response) => parseStrictJson(await read(request, response))
}
