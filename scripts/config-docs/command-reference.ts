import { format, resolveConfig } from 'prettier'
import type { Command } from '../../src/cli/commands/command.ts'
import { commands } from '../../src/cli/commands/commands.ts'
import type { Flag } from '../../src/cli/flags/flag.ts'
import { signature } from '../../src/cli/help/help-text.ts'

const path = 'docs/command-line.md'
const [begin, end] = [
  '<!-- commands: npm run docs:commands writes from here -->',
  '<!-- commands: to here -->',
]

/** The page of the command line, with all commands as the table of commands has them. */
export async function withCommands(page: string): Promise<string> {
  const [before, rest] = page.split(begin)
  const after = rest?.split(end)[1]
  if (before === undefined || after === undefined) throw new Error(`${path} has no place for it`)
  const all = commands.map(section).join('\n\n')
  const text = `${before}${begin}\n\n${all}\n\n${end}${after}`
  return format(text, { ...(await resolveConfig(path)), parser: 'markdown' })
}

function section({ name, operands, description, examples, flags, exclusions }: Command): string {
  const title = [name, operands].filter((part) => part !== undefined).join(' ')
  const rows = flags.map((flag) => [`\`--${signature(flag)}\``, fallbackOf(flag), whatOf(flag)])
  const table = [['Flag', 'Default', 'What'], ['---', '---', '---'], ...rows].map(
    (cells) => `| ${cells.join(' | ')} |`,
  )
  const pairs = (exclusions ?? []).map(([one, other]) => `\`--${one}\` with \`--${other}\``)
  return [
    `### ${title}`,
    escaped(description),
    ['```sh', ...examples, '```'].join('\n'),
    ...(flags.length > 0 ? [table.join('\n')] : []),
    ...(pairs.length > 0 ? [`Not together: ${pairs.join(', ')}.`] : []),
  ].join('\n\n')
}

function fallbackOf({ kind, fallback }: Flag): string {
  return kind === 'switch' ? 'off' : String(fallback ?? '')
}

function whatOf({ what, choices, many }: Flag): string {
  const only = choices ? ` (${choices.join(', ')})` : ''
  return escaped(`${what}${only}${many ? '; may be given several times' : ''}`)
}

function escaped(text: string): string {
  return text.replace(/[|<>*_]/g, '\\$&')
}
