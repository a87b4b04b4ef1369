import type { Flags } from '../flags/parse-flags.ts'

/** Whether credential-process, update or serve is to ask a broker, rather than IAM Roles Anywhere. */
export function asksBroker(flags: Flags): boolean {
  return flags.has('role') || flags.has('broker')
}
