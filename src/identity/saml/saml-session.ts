import type { NameId } from './check-subject.ts'
import { sha256Hash } from './random-id.ts'

/** What ties a browser session here to the session at the identity provider. */
export interface SamlSession {
  readonly nameId: NameId
  readonly sessionIndex: string | undefined
  /** Milliseconds since the epoch, where the provider says so. */
  readonly endsAt: number | undefined
}

/** Whether a logout of this NameID and these session indexes (none means all) is meant for the session. */
export function isSameSession(
  session: SamlSession,
  nameId: NameId,
  sessionIndexes: readonly string[],
): boolean {
  const { value, nameQualifier, spNameQualifier } = session.nameId
  const samePerson =
    value === nameId.value &&
    (nameQualifier ?? nameId.nameQualifier) === (nameId.nameQualifier ?? nameQualifier) &&
    (spNameQualifier ?? nameId.spNameQualifier) === (nameId.spNameQualifier ?? spNameQualifier)
  if (!samePerson) return false
  return (
    sessionIndexes.length === 0 ||
    session.sessionIndex === undefined ||
    sessionIndexes.includes(session.sessionIndex)
  )
}

/** What the sessions of one person at one provider are found by, when the provider ends them. */
export function logoutKeyOf(method: string, { value }: NameId): string {
  return sha256Hash(`${method}:${value}`)
}
