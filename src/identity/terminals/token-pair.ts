import { createHash } from 'node:crypto'
import type { Effects } from '../../effects.ts'
import type { StoredTokens } from './terminal-store.ts'

/** Two bearer secrets of 256 random bits. What they begin with lets scanners of files find them. */
export interface TokenPair {
  readonly access: string
  readonly refresh: string
}

const shape = /^pn[ar]_[\w-]{43}$/

export function newTokenPair(randomBytes: Effects['randomBytes']): TokenPair {
  const secret = () => randomBytes(32).toString('base64url')
  return { access: `pna_${secret()}`, refresh: `pnr_${secret()}` }
}

export function storedTokens(
  { access, refresh }: TokenPair,
  accessExpiresAt: number,
): StoredTokens {
  return { accessHash: secretHash(access), accessExpiresAt, refreshHash: secretHash(refresh) }
}

/** Whether a text has the form of a token, so that nothing else costs a look into the database. */
export function isToken(text: string): boolean {
  return shape.test(text)
}

/**
 * SHA-256 of a token or code: what is kept, and looked up by. With 256 bits of randomness, neither the time of a look-up
 * nor the database tells anything of the secret.
 */
export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('base64url')
}
