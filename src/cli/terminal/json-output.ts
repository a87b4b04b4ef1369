import type { Flag } from '../flags/flag.ts'
import type { Surroundings } from '../surroundings.ts'

/** For every command whose result a program may want to read. */
export const jsonFlag: Flag = { name: 'json', kind: 'switch', what: 'Print the result as JSON' }

/** Prints a value as JSON over several lines, with a line end. Characters that control a terminal are escaped. */
export function printJson(value: unknown, { stdout }: Pick<Surroundings, 'stdout'>): void {
  stdout(`${printable(JSON.stringify(value, undefined, 2))}\n`)
}

/** The same on one line, for commands that say something again and again. */
export function printJsonLine(value: unknown, { stdout }: Pick<Surroundings, 'stdout'>): void {
  stdout(`${printable(JSON.stringify(value))}\n`)
}

function printable(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
