import type { Session, SessionOrigin } from '../sessions/session.ts'
import type { Switches } from '../switches.ts'
import { FederationRefusal } from './federation-refusal.ts'

const SHORTEST = 900
const LONGEST = 43_200

/**
 * How long the console session lasts, in seconds: what SessionDuration asks, or the remaining life of the
 * credentials. Some credentials must come without it (AWS IAM User Guide, enable-console-custom-url, and
 * what tools have found). Throws FederationRefusal.
 */
export function consoleSeconds(
  session: Session,
  asked: string | undefined,
  now: Date,
  switches: Switches,
): number {
  if (session.origin === 'session-token' && !switches.sessionTokenSignIn) {
    throw new FederationRefusal('GetSessionToken credentials')
  }
  if (asked === undefined) return Math.floor((session.expiresAt - now.getTime()) / 1000)
  if (!allowsDuration(session.origin, switches)) {
    throw new FederationRefusal(`SessionDuration with credentials from ${session.origin}`)
  }
  const seconds = /^\d{3,5}$/.test(asked) ? Number(asked) : 0
  if (seconds < SHORTEST || seconds > LONGEST) throw new FederationRefusal('SessionDuration range')
  if (switches.refuseOddSessionDuration && seconds !== SHORTEST && seconds % 3600 !== 0) {
    throw new FederationRefusal('odd SessionDuration')
  }
  return seconds
}

function allowsDuration(origin: SessionOrigin, switches: Switches): boolean {
  switch (origin) {
    case 'iam-user':
    case 'saml':
    case 'web-identity':
    case 'instance-profile':
      return true
    case 'roles-anywhere':
      return switches.rolesAnywhereSessionDuration
    case 'session-token':
    case 'role-chaining':
    case 'federation-token':
      return false
  }
}
