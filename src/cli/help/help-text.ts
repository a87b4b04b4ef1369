import type { Command } from '../commands/command.ts'
import type { Flag } from '../flags/flag.ts'

const widest = 100
const narrowest = 40

/** All commands, one line each. `columns` is the width of the terminal, where there is one. */
export function overviewText(commands: readonly Command[], columns?: number): string {
  const width = lineWidth(columns)
  return [
    'Postern lets people and machines into AWS without keys.',
    '',
    'Usage:',
    '  postern COMMAND [flags]',
    '',
    'Commands:',
    ...list(commands, width),
    '',
    'Examples:',
    ...(commands[0]?.examples.slice(0, 1) ?? []).flatMap((call) => continued(call, width)),
    '  postern help serve',
    '',
    'Use "postern COMMAND --help" for the flags of a command.',
    '',
  ].join('\n')
}

/** The commands that share a first word. */
export function groupText(name: string, commands: readonly Command[], columns?: number): string {
  const lines = [
    `Usage:`,
    `  postern ${name} COMMAND [flags]`,
    '',
    'Commands:',
    ...list(commands, lineWidth(columns)),
    '',
  ]
  return lines.join('\n')
}

/** What a command does, how it is called, and all its flags. */
export function helpText(command: Command, columns?: number): string {
  const description = wrapped(command.description, 0, lineWidth(columns))
  return `${description.join('\n')}\n\n${usageText(command, columns)}`
}

/** How a command is called, without what it does. */
export function usageText({ name, operands, flags, examples }: Command, columns?: number): string {
  const width = lineWidth(columns)
  const call = ['postern', name, operands, '[flags]'].filter((part) => part !== undefined)
  const rows: [string, string][] = flags.map((flag) => [`--${signature(flag)}`, explained(flag)])
  const all: [string, string][] = [...rows, ['-h, --help', 'Show this']]
  const column = Math.min(
    36,
    Math.floor(width / 2),
    Math.max(...all.map(([left]) => left.length)) + 2,
  )
  return [
    'Usage:',
    `  ${call.join(' ')}`,
    '',
    'Examples:',
    ...examples.flatMap((example) => continued(example, width)),
    '',
    'Flags:',
    ...all.flatMap(([left, right]) => row(left, right, column, width)),
    '',
  ].join('\n')
}

/** A flag with the word for its value. */
export function signature({ name, kind, value }: Flag): string {
  return kind === 'switch' ? name : `${name} ${value ?? (kind === 'integer' ? 'NUMBER' : 'TEXT')}`
}

/** What a flag is for, with its default and its possible values. */
export function explained({ what, fallback, choices }: Flag): string {
  const only = choices ? ` (${choices.join(', ')})` : ''
  return `${what}${only}${fallback === undefined ? '' : ` (default ${fallback})`}`
}

function lineWidth(columns = widest): number {
  return Math.max(narrowest, Math.min(widest, columns))
}

function list(commands: readonly Command[], width: number): string[] {
  const column = Math.max(...commands.map(({ name }) => name.length)) + 2
  return commands.flatMap(({ name, summary }) => row(name, summary, column, width))
}

function row(left: string, right: string, column: number, width: number): string[] {
  const [first = '', ...rest] = wrapped(right, column + 2, width)
  const indented = rest.map((line) => `${' '.repeat(column + 2)}${line}`)
  if (left.length + 2 > column)
    return [`  ${left}`, `${' '.repeat(column + 2)}${first}`, ...indented]
  return [`  ${left.padEnd(column)}${first}`, ...indented]
}

function wrapped(text: string, indent: number, width: number): string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && indent + line.length + word.length >= width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}

// A long call is broken before its flags, so that it can still be pasted.
function continued(call: string, width: number): string[] {
  const [first = '', ...flags] = call.split(/ (?=--)/)
  if (call.length < width - 4) return [`  ${call}`]
  return [`  ${first}`, ...flags.map((flag) => `      ${flag}`)].map((line, index, all) =>
    index === all.length - 1 ? line : `${line} \\`,
  )
}
