import type { Command } from '../commands/command.ts'
import type { Flag } from '../flags/flag.ts'
import { commandWords, profilesCommand, rolesCommand, rolesOf } from './completion-words.ts'

/** The completion script for zsh: into a file `_postern` of $fpath, or `source <(postern completion zsh)`. */
export function zshCompletion(commands: readonly Command[]): string {
  const { first, second } = commandWords(commands)
  const summaries = new Map(commands.map(({ name, summary }) => [name, summary]))
  const described = (word: string, name: string): string =>
    `'${word}:${escaped(summaries.get(name) ?? (word === 'help' ? 'Show help' : `${word} commands`))}'`
  const groups = [...second].map(
    ([word, words]) => `    ${word})
      if (( CURRENT == 3 )); then
        local -a under=(${words.map((two) => described(two, `${word} ${two}`)).join(' ')})
        _describe command under
        return
      fi
      command="$command $words[3]"; shift=2 ;;`,
  )
  const cases = commands.map((command) => {
    const { name, flags } = command
    const specs = [...flags.map(spec), `'--help[Show help]'`, ...operandSpecs(command)]
    return `    '${name}') _arguments -S ${specs.join(' ')} ;;`
  })
  return `#compdef postern
_postern_profiles() {
  local -a profiles=(\${(f)"$(${profilesCommand})"})
  _describe profile profiles
}
_postern_roles() {
  local -a roles=(\${(f)"$(${rolesCommand})"})
  compadd -a roles
}
_postern() {
  local command=$words[2] shift=1
  if (( CURRENT == 2 )); then
    local -a all=(${first.map((word) => described(word, word)).join(' ')})
    _describe command all
    return
  fi
  case $command in
    help)
      local -a topics=(${first.map((word) => described(word, word)).join(' ')})
      _describe command topics
      return ;;
${groups.join('\n')}
  esac
  # What stands before the flags is done with.
  words=("\${(@)words[1+shift,-1]}")
  (( CURRENT -= shift ))
  case $command in
${cases.join('\n')}
  esac
}
if [ "$funcstack[1]" = _postern ]; then
  _postern "$@"
else
  (( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
  compdef _postern postern
fi
`
}

function operandSpecs(command: Command): string[] {
  switch (rolesOf(command)) {
    case 'one':
      return [`'1:role:_postern_roles'`]
    case 'many':
      return [`'*:role:_postern_roles'`]
    case 'before-command':
      return [`'1:role:_postern_roles'`, `'*::command:_normal'`]
    case 'none':
      return []
  }
}

function spec({ name, kind, what, value, choices, offers }: Flag): string {
  if (kind === 'switch') return `'--${name}[${escaped(what)}]'`
  const label = value ?? 'value'
  const action = choices
    ? `(${choices.join(' ')})`
    : offers === 'files'
      ? '_files'
      : offers === 'folders'
        ? '_files -/'
        : offers === 'roles'
          ? '_postern_roles'
          : offers === 'profiles'
            ? '_postern_profiles'
            : ' '
  return `'--${name}=[${escaped(what)}]:${label}:${action}'`
}

function escaped(text: string): string {
  return text.replace(/'/g, '’').replace(/[[\]:\\]/g, '\\$&')
}
