import type { Request } from 'express'
import type { ErrorContext } from './pages/error-model.ts'
import type { RoleSessionFacts } from './role-sessions/role-session-facts.ts'
import type { RoleOffer } from '../broker.ts'

/** The account and role that a request is about; the error page shows their band. */
export type Standing = NonNullable<ErrorContext['about']>

const standings = new WeakMap<Request, Standing>()

/** Only for what the visitor may know: a role of theirs. */
export function noteStanding(request: Request, standing: Standing): void {
  standings.set(request, standing)
}

export function standingOf(request: Request): Standing | undefined {
  return standings.get(request)
}

export function standingOfOffer({ entitlement, roleSessionName }: RoleOffer): Standing {
  const { account, arn } = entitlement.role
  return { account, roleArn: arn.arn, roleName: arn.name, roleSessionName }
}

export function standingOfFacts({ account, role, roleSessionName }: RoleSessionFacts): Standing {
  return { account, roleArn: role.arn, roleName: role.name, roleSessionName }
}
