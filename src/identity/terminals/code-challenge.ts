import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether a verifier is the one that a challenge was made of (RFC 7636 §4.6, S256). */
export function isVerified(challenge: string, verifier: string): boolean {
  const expected = Buffer.from(challenge)
  const made = Buffer.from(createHash('sha256').update(verifier).digest('base64url'))
  return expected.length === made.length && timingSafeEqual(expected, made)
}
