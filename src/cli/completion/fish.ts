import type { Command } from '../commands/command.ts'
import type { Flag } from '../flags/flag.ts'
import { commandWords, profilesCommand, rolesOf, takesValue } from './completion-words.ts'

/** The completion script for fish: `postern completion fish | source`. */
export function fishCompletion(commands: readonly Command[]): string {
  const { first, second } = commandWords(commands)
  const summaries = new Map(commands.map(({ name, summary }) => [name, summary]))
  const lines = ['# fish completion for postern', 'complete -c postern -f']
  for (const word of first) {
    const summary = summaries.get(word) ?? (word === 'help' ? 'Show help' : `${word} commands`)
    lines.push(`complete -c postern -n __fish_use_subcommand -a ${word} -d '${quoted(summary)}'`)
    if (word !== 'help')
      lines.push(`complete -c postern -n '__fish_seen_subcommand_from help' -a ${word}`)
  }
  for (const [word, words] of second) {
    const none = `__fish_seen_subcommand_from ${word}; and not __fish_seen_subcommand_from ${words.join(' ')}`
    for (const two of words) {
      const summary = summaries.get(`${word} ${two}`) ?? ''
      lines.push(`complete -c postern -n '${none}' -a ${two} -d '${quoted(summary)}'`)
    }
  }
  for (const command of commands) {
    const { name, flags } = command
    const seen = name
      .split(' ')
      .map((word) => `__fish_seen_subcommand_from ${word}`)
      .join('; and ')
    const without = name.includes(' ') ? '' : '; and not __fish_seen_subcommand_from help'
    for (const flag of flags) lines.push(flagLine(flag, `${seen}${without}`))
    if (rolesOf(command) !== 'none') {
      lines.push(`complete -c postern -n '${seen}${without}' -a '(${rolesInFish})' -d Role`)
    }
  }
  return `${lines.join('\n')}\n`
}

function flagLine(flag: Flag, when: string): string {
  const { name, what, choices, offers } = flag
  const offered = choices
    ? ` -a '${choices.join(' ')}'`
    : offers === 'files'
      ? ' -F'
      : offers === 'folders'
        ? ` -a '(__fish_complete_directories)'`
        : offers === 'roles'
          ? ` -a '(${rolesInFish})'`
          : offers === 'profiles'
            ? ` -a '(${profilesCommand.replace(/'/g, "\\'")})'`
            : ''
  // -x keeps files out, which only -F lets in again.
  const value = takesValue(flag) ? ` -${offers === 'files' ? 'r' : 'x'}${offered}` : ''
  return `complete -c postern -n '${when}' -l ${name}${value} -d '${quoted(what)}'`
}

// fish knows no default values.
const rolesInFish = `set -q XDG_CONFIG_HOME; and set -l place $XDG_CONFIG_HOME; or set -l place $HOME/.config; cat $place/postern/role-names "$HOME/Library/Application Support/postern/role-names" 2>/dev/null`

function quoted(text: string): string {
  return text.replace(/[\\']/g, '\\$&')
}
