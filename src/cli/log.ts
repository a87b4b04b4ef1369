import type { Flags } from './flags/parse-flags.ts'
import type { Surroundings } from './surroundings.ts'

/** A line as AWS's helper logs them: local time, then the text. */
export function logLine(text: string, { effects }: Pick<Surroundings, 'effects'>): string {
  const now = effects.now()
  const two = (number: number): string => String(number).padStart(2, '0')
  const date = [String(now.getFullYear()), two(now.getMonth() + 1), two(now.getDate())].join('/')
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')
  return `${date} ${time} ${text}\n`
}

/** Writes lines to standard error where --debug is on. */
export function debugLine(flags: Flags, surroundings: Surroundings): (text: string) => void {
  if (!flags.isOn('debug')) return () => undefined
  return (text) => {
    surroundings.stderr(logLine(`debug: ${text}`, surroundings))
  }
}
