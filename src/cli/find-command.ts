import type { Command } from './commands/command.ts'
import { commands } from './commands/commands.ts'
import { groupText, helpText, overviewText } from './help/help-text.ts'
import { version } from './version.ts'

/** What the first words of a command line mean: a command and the rest, or a text and the exit code. */
export type Found =
  | { readonly kind: 'command'; readonly command: Command; readonly rest: readonly string[] }
  | { readonly kind: 'text'; readonly text: string; readonly code: number }

const helpFlags = new Set(['--help', '-h'])

/** Finds the command of one word or of two. Without any, the text is the overview. `columns` is the terminal's width. */
export function findCommand(words: readonly string[], columns?: number): Found {
  const [first = '--help', second = '--help'] = words
  if (first === '--version') return text(`${version}\n`)
  if (first === 'help') return help(words.slice(1), columns)
  if (helpFlags.has(first)) return text(overviewText(commands, columns))
  const command = named(first) ?? named(`${first} ${second}`)
  if (command) {
    return { kind: 'command', command, rest: words.slice(command.name.split(' ').length) }
  }
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  if (group.length > 0 && helpFlags.has(second)) return text(groupText(first, group, columns))
  return unknown(group.length > 0 ? `${first} ${second}` : first)
}

function help(words: readonly string[], columns: number | undefined): Found {
  const [first] = words
  if (first === undefined || helpFlags.has(first)) return text(overviewText(commands, columns))
  const command = named(first) ?? named(words.slice(0, 2).join(' '))
  if (command) return text(helpText(command, columns))
  const group = commands.filter(({ name }) => name.startsWith(`${first} `))
  return group.length > 0 ? text(groupText(first, group, columns)) : unknown(first)
}

function named(name: string): Command | undefined {
  return commands.find((command) => command.name === name)
}

function unknown(words: string): Found {
  const why = `unknown command "${words}" for "postern"`
  return text(`Error: ${why}\nRun 'postern --help' for usage.\n`, 1)
}

function text(words: string, code = 0): Found {
  return { kind: 'text', text: words, code }
}
