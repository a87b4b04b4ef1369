import type { Command } from '../commands/command.ts'
import { commandWords, profilesCommand, rolesCommand, rolesOf } from './completion-words.ts'

/** The completion script for bash: `source <(postern completion bash)`. */
export function bashCompletion(commands: readonly Command[]): string {
  const { first, second } = commandWords(commands)
  const subcommands = [...second].map(
    ([word, words]) => `      ${word}) words='${words.join(' ')}' ;;`,
  )
  const flags = commands.map((command) => {
    const list = [...command.flags.map((flag) => `--${flag.name}`), '--help']
    const roles = rolesOf(command) === 'none' ? '' : ` roles=$(${rolesCommand})`
    return `    '${command.name}') flags='${list.join(' ')}'${roles} ;;`
  })
  const all = commands.flatMap((command) => command.flags)
  const named = (pick: (flag: (typeof all)[number]) => boolean): string =>
    [...new Set(all.filter(pick).map(({ name }) => `--${name}`))].join('|')
  const choices = commands.flatMap(({ name, flags: own }) =>
    own.flatMap(({ name: flag, choices: values }) =>
      values
        ? `    '${name} --${flag}') COMPREPLY=($(compgen -W '${values.join(' ')}' -- "$current")); return ;;`
        : [],
    ),
  )
  return `# bash completion for postern
_postern() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]}
  local command=\${COMP_WORDS[1]} words='' flags='' roles=''
  COMPREPLY=()
  case "$command \${COMP_WORDS[2]} $previous" in
${choices.filter((line) => /^ +'\S+ \S+ --/.test(line)).join('\n')}
  esac
  case "$command $previous" in
${choices.filter((line) => !/^ +'\S+ \S+ --/.test(line)).join('\n')}
  esac
  case $previous in
    ${named(({ offers }) => offers === 'files')}) compopt -o filenames; COMPREPLY=($(compgen -f -- "$current")); return ;;
    ${named(({ offers }) => offers === 'folders')}) compopt -o filenames; COMPREPLY=($(compgen -d -- "$current")); return ;;
    ${named(({ offers }) => offers === 'profiles')}) COMPREPLY=($(compgen -W "$(${profilesCommand})" -- "$current")); return ;;
    ${named(({ offers }) => offers === 'roles')}) COMPREPLY=($(compgen -W "$(${rolesCommand})" -- "$current")); return ;;
    ${named(({ kind, offers, choices: values }) => kind !== 'switch' && !offers && !values)}) return ;;
  esac
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${first.join(' ')} --help --version' -- "$current"))
    return
  fi
  if [ "$command" = help ] && [ "$COMP_CWORD" -eq 2 ]; then
    COMPREPLY=($(compgen -W '${first.join(' ')}' -- "$current"))
    return
  fi
  if [ "$COMP_CWORD" -eq 2 ]; then
    case $command in
${subcommands.join('\n')}
    esac
    if [ -n "$words" ]; then
      COMPREPLY=($(compgen -W "$words" -- "$current"))
      return
    fi
  fi
  case $command in
    ${[...second.keys()].join('|')}) command="$command \${COMP_WORDS[2]}" ;;
  esac
  case $command in
${flags.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$flags $roles" -- "$current"))
}
complete -F _postern postern
`
}
