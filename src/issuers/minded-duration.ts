import type { Failure } from './aws-faults.ts'
import { isDurationRefusal } from './request-advice.ts'

/** Seconds that AWS gives when none are asked for (STS API, AssumeRole and AssumeRoleWithSAML). */
export const usualSeconds = 3_600

/** Whether leaving the duration to AWS would help. */
export function mindsDuration(
  failure: Failure | undefined,
  { durationSeconds }: { readonly durationSeconds: number },
): boolean {
  const fault = failure?.fault
  return fault !== undefined && durationSeconds > usualSeconds && isDurationRefusal(fault)
}
