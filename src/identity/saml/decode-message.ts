import { inflateRawSync } from 'node:zlib'
import { refuse } from './saml-refusal.ts'

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

/** A form or query field that must be one string, once. */
export function requireField(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '')
    refuse(
      'saml_field',
      `${name} is ${value === undefined || value === '' ? 'missing' : 'repeated'}.`,
    )
  return value
}

/**
 * The text of a message from the HTTP POST binding (SAML bindings §3.5.4): base64, in which line ends are allowed
 * (RFC 2045 §6.8), of at most `maxBytes` once decoded.
 */
export function decodePosted(field: string, maxBytes: number): string {
  // Base64 of n bytes, with a line end after each 64 characters at most.
  if (field.length > Math.ceil(maxBytes / 3) * 4 * 1.04 + 8) refuse('saml_too_large')
  return decodeUtf8(decodeBase64(field, maxBytes))
}

/**
 * The text of a message from the HTTP redirect binding (SAML bindings §3.4.4.1): base64 of raw DEFLATE. Inflating stops
 * at `maxBytes`, so a small bomb stays small.
 */
export function decodeRedirected(field: string, maxBytes: number): string {
  if (field.length > maxBytes) refuse('saml_too_large')
  return decodeUtf8(inflate(decodeBase64(field, maxBytes), maxBytes))
}

function inflate(compressed: Buffer, maxBytes: number): Buffer {
  try {
    return inflateRawSync(compressed, { maxOutputLength: maxBytes })
  } catch (error) {
    // Node throws a RangeError past maxOutputLength, and an Error of zlib's otherwise.
    return refuse(
      error instanceof RangeError ? 'saml_too_large' : 'saml_encoding',
      'It does not inflate.',
    )
  }
}

function decodeBase64(field: string, maxBytes: number): Buffer {
  const compact = /[\r\n]/.test(field) ? field.replace(/[\r\n]+/g, '') : field
  if (!base64.test(compact)) refuse('saml_encoding', 'The message is not base64.')
  const bytes = Buffer.from(compact, 'base64')
  if (bytes.length > maxBytes) refuse('saml_too_large')
  return bytes
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    return refuse('saml_encoding', 'The message is not UTF-8.')
  }
}
