import { createHash } from 'node:crypto'
import { headerValues, type SandboxRequest } from '../http/request.ts'

/**
 * The canonical request of Signature Version 4 (AWS IAM User Guide, create-signed-request), over exactly
 * the headers that the client signed and the bytes that arrived.
 */
export function canonicalRequest(
  request: SandboxRequest,
  signedHeaders: readonly string[],
): string {
  const headers = signedHeaders.map((name) => `${name}:${canonicalHeader(request, name)}\n`)
  return [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    headers.join(''),
    signedHeaders.join(';'),
    createHash('sha256').update(request.body).digest('hex'),
  ].join('\n')
}

function canonicalHeader(request: SandboxRequest, name: string): string {
  return headerValues(request, name)
    .map((value) => value.trim().replace(/ +/g, ' '))
    .join(',')
}

function canonicalPath(path: string): string {
  return path.split('/').map(encode).join('/')
}

function canonicalQuery(query: string): string {
  return query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=')
      const [name, value] = at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)]
      return [encode(decode(name)), encode(decode(value))] as const
    })
    .filter(([name]) => name !== 'X-Amz-Signature')
    .sort(([a, x], [b, y]) => byteOrder(a, b) || byteOrder(x, y))
    .map(([name, value]) => `${name}=${value}`)
    .join('&')
}

function byteOrder(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return text
  }
}

/** RFC 3986 percent-encoding: everything but unreserved characters. */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}
