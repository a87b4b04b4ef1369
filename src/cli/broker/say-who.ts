import type { MeAnswer } from '../../contract/answers.ts'

/** Somebody in one line: `Bob Baker (bob)`. What came from a broker has no control characters; the contract sees to it. */
export function sayWho({ name, displayName }: MeAnswer): string {
  return displayName === undefined || displayName === name ? name : `${displayName} (${name})`
}
