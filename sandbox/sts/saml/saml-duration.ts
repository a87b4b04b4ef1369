import type { RoleEntry } from '../../world/directory.ts'
import { validationError } from '../sts-error.ts'
import type { AcceptedAssertion } from './accept-assertion.ts'
import { expiredAssertion } from './refusals.ts'

/**
 * Seconds of the session: what was asked for (one hour when nothing was), within the role's maximum, and no longer
 * than each of `limits` and the provider's own session say. Throws ValidationError.
 */
export function samlSeconds(
  asked: number | undefined,
  limits: readonly (number | undefined)[],
  role: RoleEntry,
  { sessionEnds }: AcceptedAssertion,
  now: Date,
): number {
  const seconds = asked ?? 3600
  if (seconds > role.maxSessionDuration) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  const left = sessionEnds && Math.floor((sessionEnds - now.getTime()) / 1000)
  if (left !== undefined && left <= 0) {
    // AWS does not document its words for a session at the provider that has ended.
    throw expiredAssertion('The session at the identity provider has ended')
  }
  return Math.min(seconds, ...[...limits, left].filter((limit) => limit !== undefined))
}
