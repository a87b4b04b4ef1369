import { createHash } from 'node:crypto'
import type { Surroundings } from '../../surroundings.ts'

/** A secret that proves at the end who began (RFC 7636 §4.1), what is shown of it meanwhile, and a state (RFC 6749 §10.12). */
export interface Pkce {
  readonly verifier: string
  readonly challenge: string
  readonly state: string
}

export function newPkce({ effects }: Pick<Surroundings, 'effects'>): Pkce {
  const verifier = effects.randomBytes(32).toString('base64url')
  return {
    verifier,
    challenge: createHash('sha256').update(verifier).digest('base64url'),
    state: effects.randomBytes(32).toString('base64url'),
  }
}
