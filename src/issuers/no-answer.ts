import { AwsUnavailable } from '../errors.ts'
import type { Target } from './unreachable.ts'

/** Something answered, and it is no answer of AWS that can be believed. `why` is for the log; it must hold nothing of the answer. */
export function noAnswer(
  operation: string,
  { host, setting }: Target,
  why: string,
): AwsUnavailable {
  return new AwsUnavailable(
    `What came back from ${host} is no answer of AWS. A proxy may have answered in its place, or ${setting} is wrong.`,
    { detail: `${operation}: ${why}` },
  )
}
