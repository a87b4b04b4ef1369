import type { Request, Response } from 'express'

/** Sends the browser on by GET (RFC 9110 §15.4.4). The body stays empty: the address may be a secret. */
export function seeOther(response: Response, location: string): void {
  response.status(303).setHeader('Location', location).end()
}

/** Whether whoever asks is a program: by the path, or by preferring JSON. */
export function wantsJson(request: Request): boolean {
  return request.path.startsWith('/api/') || request.accepts(['html', 'json']) === 'json'
}
