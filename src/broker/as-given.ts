import type { DurationPlan } from '../entitlements/durations.ts'
import type { Issued } from '../issuers/issuer.ts'

/** The plan with what AWS really gave. A console that ends with the credentials ends with them here too. */
export function asGiven(plan: DurationPlan, issued: Issued): DurationPlan {
  const seconds = issued.durationSeconds
  if (seconds === plan.credentials.seconds) return plan
  const why = issued.notes.join(' ') || plan.credentials.why
  const console = plan.console.send ? plan.console : { ...plan.console, seconds, why }
  return { credentials: { ...plan.credentials, seconds, why }, console }
}

/** The role session name that AWS gave: not every way to get credentials can choose it. */
export function sessionNameIn(assumedRoleArn: string): string {
  return assumedRoleArn.slice(assumedRoleArn.lastIndexOf('/') + 1)
}
