import type { DurationPlan } from '../../entitlements/durations.ts'
import { sentence } from './time-text.ts'

/** Why the credentials last as long as they do, as a sentence. */
export function credentialsWhy({ credentials }: DurationPlan): string {
  return whyText('The credentials last', credentials.why)
}

/** The same for the console; a cause that the credentials' reason names already is not told twice. */
export function consoleWhy({ credentials, console }: DurationPlan): string {
  const [, cause] = console.why.split(', because ')
  if (!console.send && cause !== undefined && credentials.why.includes(cause)) {
    return 'The console ends with the credentials.'
  }
  return whyText('The console lasts', console.why)
}

/** A plan's reason begins with the time (`1 hour, because ...`); a note of AWS's refusal is a sentence already. */
function whyText(begin: string, why: string): string {
  return sentence(/^\d/.test(why) ? `${begin} ${why}` : why)
}
