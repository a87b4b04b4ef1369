import type { RoleSessionFacts } from '../role-sessions/role-session-facts.ts'
import { accountBand, awsSees } from './account-text.ts'
import type { AccountBand, RoleWords } from './account-text.ts'
import type { Moment } from './time-text.ts'
import { renewFields } from './role-session-text.ts'
import { durationText, momentOf } from './time-text.ts'

/** The results page of a role session whose credentials have ended (view `role-session-ended`). */
export interface RoleSessionEndedPage {
  readonly account: AccountBand
  readonly role: RoleWords
  readonly awsSees: string
  readonly ended: Moment
  /** Undefined where no console was opened, or it has ended too. */
  readonly consoleEnds: Moment | undefined
  readonly lastsText: string
  readonly renew: readonly { readonly name: string; readonly value: string }[]
}

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
