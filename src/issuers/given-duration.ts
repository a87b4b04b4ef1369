import { longDuration } from '../entitlements/duration-text.ts'
import type { AwsFault } from '../errors.ts'
import { isChainingRefusal } from './request-advice.ts'

export interface GivenDuration {
  /** Seconds. */
  readonly durationSeconds: number
  readonly notes: readonly string[]
}

/** Milliseconds that an answer may take, and by which clocks may differ, before less is really less. */
const tolerance = 60_000

/**
 * What AWS gave, and what to say when it is less than ordered: because AWS refused the duration, or because it gave
 * less without a word.
 */
export function givenDuration(
  orderedSeconds: number,
  answer: { readonly expiration: Date; readonly now: Date; readonly usualSeconds: number },
  refused: AwsFault | undefined,
): GivenDuration {
  const most = refused ? answer.usualSeconds : orderedSeconds
  const left = answer.expiration.getTime() - answer.now.getTime()
  const durationSeconds = left < most * 1000 - tolerance ? Math.floor(left / 1000) : most
  if (durationSeconds >= orderedSeconds) return { durationSeconds, notes: [] }
  const given = `AWS gave ${longDuration(durationSeconds)} instead of ${longDuration(orderedSeconds)}`
  return { durationSeconds, notes: [`${given}${refused ? `: ${reason(refused)}` : ''}.`] }
}

function reason({ message }: AwsFault): string {
  return isChainingRefusal(message)
    ? "the broker's own credentials are temporary and AWS caps role chaining at 1 hour"
    : "that is more than the role's maximum session duration in IAM"
}
