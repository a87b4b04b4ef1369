import type { PlannedDuration } from '../../entitlements/durations.ts'
import type { RoleOffer } from '../../role-session.ts'
import { accountBand, awsSees, plainText } from './account-text.ts'
import type { AccountBand, RoleWords } from './account-text.ts'
import type { RegionChoice } from './region-text.ts'
import type { Moment } from './time-text.ts'
import { regionChoice } from './region-text.ts'
import { consoleWhy } from './why-text.ts'
import { durationText, momentOf, sentence } from './time-text.ts'

export interface RolePage {
  readonly account: AccountBand
  readonly role: RoleWords & { readonly description: string | undefined }
  /** `ReadOnly/bob`. */
  readonly awsSees: string
  readonly credentials: DurationChoice
  readonly console: DurationChoice & {
    /** False where the console always ends with the credentials, so that there is nothing to choose. */
    readonly choosable: boolean
  }
  readonly region: RegionChoice
  readonly destination: string
  /** The groups that led here, as one text; undefined for a grant to the user. */
  readonly groupsText: string | undefined
  readonly errors: readonly string[]
}

interface DurationChoice {
  readonly options: readonly {
    readonly seconds: number
    readonly text: string
    readonly until: Moment
    readonly selected: boolean
  }[]
  /** `Up to 1 hour, because ...` */
  readonly why: string
}

/** What was chosen before: the form comes back as it was sent. Seconds. */
export interface RoleChoices {
  readonly duration?: number | undefined
  readonly consoleDuration?: number | undefined
  readonly region?: string | undefined
  readonly destination?: string | undefined
}

/** Round durations to choose from: AWS takes 15 minutes to 12 hours. Odd ones were seen to be refused. */
const round = [900, 1800, 3600, 4 * 3600, 8 * 3600, 12 * 3600]
const manyGroups = 3

/** One role: how long it is to last, where it is to open, and why not longer. */
export function roleModel(
  offer: RoleOffer,
  now: Date,
  chosen: RoleChoices = {},
  errors: readonly string[] = [],
): RolePage {
  const { entitlement, plan } = offer
  const { role, groups } = entitlement
  const { send: choosable } = plan.console
  const region = chosen.region === '' ? undefined : chosen.region
  const only = { ...plan.console, maxSeconds: plan.console.seconds, why: consoleWhy(plan) }
  return {
    account: accountBand(role.account),
    role: {
      arn: role.arn.arn,
      name: role.arn.name,
      description: role.description && plainText(role.description),
    },
    awsSees: awsSees(role.arn.name, offer.roleSessionName),
    credentials: choiceOf(plan.credentials, chosen.duration, now),
    console: choosable
      ? { ...choiceOf(plan.console, chosen.consoleDuration, now), choosable }
      : { ...choiceOf(only, undefined, now), choosable },
    region: regionChoice(role.arn.partition, region ?? role.region, role.region === undefined),
    destination: chosen.destination ?? '',
    groupsText: groups.length > 0 ? groupsText(groups) : undefined,
    errors,
  }
}

/** Round times up to the maximum, the maximum itself and the default, so that nothing that may be had is missing. */
function choiceOf(planned: PlannedDuration, chosen: number | undefined, now: Date): DurationChoice {
  const { maxSeconds, seconds, why } = planned
  const times = new Set([...round.filter((time) => time <= maxSeconds), seconds, maxSeconds])
  const selected = chosen !== undefined && times.has(chosen) ? chosen : seconds
  const options = [...times]
    .sort((a, b) => a - b)
    .map((time) => ({
      seconds: time,
      text: durationText(time),
      until: momentOf(new Date(now.getTime() + time * 1000), now),
      selected: time === selected,
    }))
  return { options, why: sentence(why) }
}

function groupsText(groups: readonly string[]): string {
  const named = groups.slice(0, manyGroups).join('; ')
  const more = groups.length - manyGroups
  return more > 0 ? `${named}; and ${more} more` : named
}
