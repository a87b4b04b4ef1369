import type { Command } from '../commands/command.ts'
import type { Flag } from '../flags/flag.ts'

/** First words, and second words under those that have such. */
export function commandWords(commands: readonly Command[]): {
  readonly first: readonly string[]
  readonly second: ReadonlyMap<string, readonly string[]>
} {
  const second = new Map<string, string[]>()
  for (const { name } of commands) {
    const [one = '', two] = name.split(' ')
    if (two !== undefined) second.set(one, [...(second.get(one) ?? []), two])
  }
  const first = new Set([...commands.map(({ name }) => name.split(' ')[0] ?? ''), 'help'])
  return { first: [...first], second }
}

/** The profiles of ~/.aws/config, as a shell command that every shell here understands. */
export const profilesCommand = `sed -n 's/^\\[profile \\(.*\\)\\]$/\\1/p' "$HOME/.aws/config" 2>/dev/null`

/** The names of one's roles, as the last list of them has left them, likewise. */
export const rolesCommand = `cat "\${XDG_CONFIG_HOME:-$HOME/.config}/postern/role-names" "$HOME/Library/Application Support/postern/role-names" 2>/dev/null`

/** Whether words of a command are roles: one, any number, or one before a command of somebody else. */
export function rolesOf({ operands = '' }: Command): 'none' | 'one' | 'many' | 'before-command' {
  if (operands === '[ROLE...]') return 'many'
  if (operands.startsWith('ROLE --')) return 'before-command'
  return operands === 'ROLE' ? 'one' : 'none'
}

/** Whether a flag is followed by a value. */
export function takesValue({ kind }: Flag): boolean {
  return kind !== 'switch'
}
