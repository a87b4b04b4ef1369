import { createHash } from 'node:crypto'
import type { Effects } from '../../effects.ts'

/** An ID for a message of ours: 128 random bits, and no digit first, since it is an NCName (SAML core §1.3.4). */
export function randomId(randomBytes: Effects['randomBytes']): string {
  return `_${randomBytes(16).toString('hex')}`
}

/**
 * An opaque RelayState: 128 random bits in letters that no encoding of a query touches, so that every provider signs and
 * returns the same, and shorter than the 80 bytes that the bindings allow (SAML bindings §3.4.3).
 */
export function randomRelayState(randomBytes: Effects['randomBytes']): string {
  return randomBytes(16).toString('base64url')
}

/** What the state store holds instead of a RelayState or a browser's cookie. */
export function sha256Hash(text: string): string {
  return createHash('sha256').update(text).digest('base64url')
}
