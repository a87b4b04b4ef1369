import { type AwsFault, AwsRefused } from '../errors.ts'
import type { Advice } from './advice.ts'

/** The refusal with the first advice that is for it, or with a word that there is none. */
export function advise(fault: AwsFault, advice: readonly Advice[]): AwsRefused {
  const known = advice.find(
    ({ code, message }) => code.test(fault.code) && (message?.test(fault.message) ?? true),
  )
  const says = known?.says ?? `AWS refused the request (${fault.code}).`
  return new AwsRefused(says, known ?? unknown, fault)
}

const unknown = {
  causes: ['AWS gives a reason that Postern does not know.'],
  remedies: ["AWS's own message and request ID are in the log of Postern."],
}
