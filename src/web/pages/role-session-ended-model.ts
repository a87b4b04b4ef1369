import type { RoleSessionFacts } from '../role-sessions/role-session-facts.ts'
import { accountBand, awsSees } from './account-text.ts'
import type { RoleSessionEndedPage } from './page-models.ts'
import { renewFields } from './role-session-text.ts'
import { durationText, momentOf } from './time-text.ts'

/** The results page once its credentials have ended: what may still run, and the way to new ones. */
export function roleSessionEndedModel(facts: RoleSessionFacts, now: Date): RoleSessionEndedPage {
  const { console, plan, role } = facts
  const running = console.kind === 'link' && console.endsAt > now.getTime()
  return {
    account: accountBand(facts.account),
    role: { arn: role.arn, name: role.name },
    awsSees: awsSees(role.name, facts.roleSessionName),
    ended: momentOf(new Date(facts.expiresAt), now),
    consoleEnds: running ? momentOf(new Date(console.endsAt), now) : undefined,
    lastsText: durationText(plan.credentials.seconds),
    renew: renewFields(facts),
  }
}
