import type { ClaimStore } from '../claim-store.ts'
import { refuse } from './saml-refusal.ts'

/** What of SAML may be used once. */
export type ClaimedKind = 'saml-request' | 'saml-assertion' | 'saml-logout'

/**
 * Claims an ID of one provider for good, until `expiresAt` (milliseconds since the epoch), by one insert. Throws
 * SamlRefusal for everybody but the first; rejects with StateUnavailable when nobody can tell.
 */
export async function claimOnce(
  claims: ClaimStore,
  kind: ClaimedKind,
  method: string,
  id: string,
  expiresAt: number,
): Promise<void> {
  if (!(await claims.claim(`${kind}:${method}`, id, expiresAt)))
    refuse('saml_replay', `Found: ${kind} ${id}.`)
}
