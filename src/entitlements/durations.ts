import { InvalidDuration } from '../errors.ts'
import type { DurationRange, Role } from './catalogue.ts'
import { longDuration } from './duration-text.ts'

/** What an issuer can promise about time before it is asked. Seconds. */
export interface IssuerLimits {
  readonly maxSeconds: number
  /** Whether the console may be given a life of its own, or ends with the credentials. */
  readonly console: 'own-duration' | 'as-credentials'
  /** Why it is less than people would expect, as the end of "1 hour, because ..."; undefined where nothing is cut. */
  readonly why: string | undefined
}

/** Seconds, and one sentence for people. */
export interface PlannedDuration {
  readonly seconds: number
  readonly maxSeconds: number
  readonly why: string
}

/** How long credentials and console will last, and why, before anything is issued. */
export interface DurationPlan {
  readonly credentials: PlannedDuration
  readonly console: PlannedDuration & { readonly send: boolean }
}

/** Seconds; undefined for the role's default. */
export interface RequestedDurations {
  readonly duration?: number | undefined
  readonly consoleDuration?: number | undefined
}

/** STS and the federation endpoint take no less (STS API, AssumeRole; IAM User Guide, custom identity broker). */
const minDurationSeconds = 900

/**
 * How long credentials and console will last, and why. A default above what the issuer can give is lowered to it; a
 * requested duration never is: out of range, it throws InvalidDuration, which says what may be had and why.
 */
export function planDurations(
  role: Pick<Role, 'durations'>,
  requested: RequestedDurations,
  limits: IssuerLimits,
): DurationPlan {
  const credentials = plan(
    'The credentials',
    role.durations.credentials,
    requested.duration,
    limits,
  )
  if (limits.console === 'own-duration') {
    const own = { maxSeconds: Infinity, why: undefined }
    const range = role.durations.console
    const planned = plan('The console session', range, requested.consoleDuration, own)
    return { credentials, console: { ...planned, send: true } }
  }
  return {
    credentials,
    console: { ...followCredentials(credentials, requested, limits), send: false },
  }
}

type Limit = Pick<IssuerLimits, 'maxSeconds' | 'why'>

function plan(
  what: string,
  range: DurationRange,
  requested: number | undefined,
  limit: Limit,
): PlannedDuration {
  const maxSeconds = Math.min(range.max, limit.maxSeconds)
  const most = because(maxSeconds, range, limit)
  if (requested !== undefined) {
    checkRequested(what, requested, maxSeconds, most)
    return { seconds: requested, maxSeconds, why: `${longDuration(requested)}, as chosen` }
  }
  if (range.default >= maxSeconds) return { seconds: maxSeconds, maxSeconds, why: most }
  const choice = `${longDuration(range.default)}, the default of this role`
  return { seconds: range.default, maxSeconds, why: `${choice}; at most ${most}` }
}

function because(maxSeconds: number, range: DurationRange, limit: Limit): string {
  const text = longDuration(maxSeconds)
  if (range.max <= limit.maxSeconds) return `${text}, the maximum set for this role`
  return limit.why === undefined
    ? `${text}, the most AWS gives here`
    : `${text}, because ${limit.why}`
}

function checkRequested(what: string, requested: number, maxSeconds: number, most: string): void {
  if (!Number.isSafeInteger(requested) || requested < minDurationSeconds)
    throw new InvalidDuration(
      `${what} can last from ${longDuration(minDurationSeconds)} (${minDurationSeconds} seconds) to ${most}. Ask for a whole number of seconds between them.`,
    )
  if (requested > maxSeconds)
    throw new InvalidDuration(
      `${what} can last at most ${most}; ${longDuration(requested)} was asked for. Ask for ${maxSeconds} seconds or less.`,
    )
}

/** AWS refuses a duration for the console here, so it can be neither longer nor shorter than the credentials. */
function followCredentials(
  credentials: PlannedDuration,
  { consoleDuration }: RequestedDurations,
  { why }: IssuerLimits,
): PlannedDuration {
  const reason = why === undefined ? '' : `, because ${why}`
  if (consoleDuration !== undefined && consoleDuration !== credentials.seconds)
    throw new InvalidDuration(
      `The console session ends with the credentials here, after ${longDuration(credentials.seconds)}${reason}. Leave the console duration out.`,
    )
  return {
    ...credentials,
    why: `${longDuration(credentials.seconds)}, like the credentials${reason}`,
  }
}
