import type { IncomingMessage } from 'node:http'
import { parseForm, type Form } from './form.ts'

/** One request as the endpoints see it: the raw bytes, because signatures are made over those. */
export interface SandboxRequest {
  readonly method: string
  /** As sent, still percent-encoded. */
  readonly path: string
  /** As sent, without the question mark. */
  readonly query: string
  /** Name (lower case) and value of each header line, in order; a repeated header stands twice. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** Parameters of the query string and, of a POST with the form content type, the body. */
  readonly form: Form
  readonly remoteAddress: string | undefined
  readonly requestId: string
}

/** The values of every line of a header; `name` in lower case. */
export function headerValues(request: SandboxRequest, name: string): string[] {
  return request.headers.filter(([key]) => key === name).map(([, value]) => value)
}

/** The one value of a header, or undefined when it is absent or stands more than once. */
export function singleHeader(request: SandboxRequest, name: string): string | undefined {
  const values = headerValues(request, name)
  return values.length === 1 ? values[0] : undefined
}

/** The request around a body that has been read. */
export function sandboxRequest(
  message: IncomingMessage,
  body: Buffer,
  requestId: string,
): SandboxRequest {
  const [path = '', ...rest] = (message.url ?? '').split('?')
  const query = rest.join('?')
  const headers = headerLines(message)
  const method = message.method ?? ''
  const sources = method === 'POST' && isForm(headers) ? [query, body.toString('utf8')] : [query]
  const remoteAddress = message.socket.remoteAddress
  return { method, path, query, headers, body, form: parseForm(sources), remoteAddress, requestId }
}

function isForm(headers: readonly (readonly [string, string])[]): boolean {
  const types = headers.filter(([name]) => name === 'content-type').map(([, value]) => value)
  const [type = ''] = types.length === 1 ? (types[0] ?? '').split(';') : []
  return type.trim().toLowerCase() === 'application/x-www-form-urlencoded'
}

function headerLines(message: IncomingMessage): [string, string][] {
  const lines: [string, string][] = []
  for (let i = 0; i + 1 < message.rawHeaders.length; i += 2) {
    lines.push([(message.rawHeaders[i] ?? '').toLowerCase(), message.rawHeaders[i + 1] ?? ''])
  }
  return lines
}
