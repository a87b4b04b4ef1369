import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { requireCommand } from '../support/require-command.ts'

const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
const [bashProgram = ''] = requireCommand('bash', 'bash')
const [zshProgram = ''] = requireCommand('zsh', 'zsh')
const [fishProgram = ''] = requireCommand('fish', 'fish')
const [manProgram = ''] = requireCommand('man', 'man-db')

const home = mkdtempSync(join(tmpdir(), 'postern-completion-'))
mkdirSync(join(home, '.aws'))
writeFileSync(join(home, '.aws/config'), '[default]\n[profile one]\nregion = x\n[profile two]\n')
writeFileSync(join(home, 'client.pem'), '')
mkdirSync(join(home, '.config/postern'), { recursive: true })
writeFileSync(join(home, '.config/postern/role-names'), '2222/Admin\nProduction/ReadOnly\n')
afterAll(() => {
  rmSync(home, { recursive: true, force: true })
})

const env = { ...process.env, HOME: home, TERM: 'xterm', XDG_CONFIG_HOME: undefined }

function script(shell: string): string {
  const printed = execFileSync(process.execPath, [main, 'completion', shell], { encoding: 'utf8' })
  const path = join(home, `completion.${shell}`)
  writeFileSync(path, printed)
  return path
}

/** What bash would offer for a line, by the function that it calls itself. */
function bash(line: string): string[] {
  const program = `
    source ${script('bash')}
    read -ra COMP_WORDS <<< "$1"
    [[ "$1" == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
    compopt() { :; }
    _postern
    printf '%s\\n' "\${COMPREPLY[@]}"`
  return lines(
    execFileSync(bashProgram, ['--norc', '-c', program, 'bash', line], {
      env,
      cwd: home,
      encoding: 'utf8',
    }),
  )
}

function fish(line: string): string[] {
  const program = `source ${script('fish')}; complete -C '${line}'`
  const printed = execFileSync(fishProgram, ['--no-config', '-c', program], {
    env,
    cwd: home,
    encoding: 'utf8',
  })
  return lines(printed).map((found) => found.split('\t')[0] ?? '')
}

/** A zsh on a terminal of its own, into which the line and a tab are typed. What it adds is written to a file. */
function zsh(line: string): string[] {
  const folder = mkdtempSync(join(home, 'zsh-'))
  const rc = `
    autoload -Uz compinit; compinit -u -D
    source ${script('zsh')}
    zstyle ':completion:*' insert-tab false
    compadd() {
      if [[ \${argv[(I)-[OAD]]} -eq 0 ]]; then
        local -a found; builtin compadd -O found "$@"; print -rl -- $found >> ${folder}/offers
      fi
      builtin compadd "$@"
    }
    finish() { : > ${folder}/done }
    comppostfuncs=(finish)
    precmd() { : > ${folder}/ready }`
  writeFileSync(join(folder, '.zshrc'), rc)
  const program = `
    zmodload zsh/zpty
    await() { for tries in {1..200}; do [[ -e $1 ]] && return; sleep 0.05; zpty -r -t shell ignored; done }
    zpty shell zsh -i
    await ${folder}/ready
    zpty -w -n shell $1$'\t'
    await ${folder}/done
    zpty -d shell`
  execFileSync(zshProgram, ['-f', '-c', program, 'zsh', line], {
    env: { ...env, ZDOTDIR: folder },
    cwd: home,
    timeout: 30_000,
    stdio: 'pipe',
  })
  return [...new Set(lines(readFileSync(join(folder, 'offers'), 'utf8')))]
}

function lines(text: string): string[] {
  return text.split(/\r?\n/).filter((line) => line !== '')
}

test('zsh takes the script where nothing has set completion up', () => {
  const program = `source ${script('zsh')} && print -r -- $_comps[postern]`
  const printed = execFileSync(zshProgram, ['-f', '-c', program], {
    env: { ...env, ZDOTDIR: home },
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  expect(printed).toBe('_postern\n')
})

const shells = { bash, zsh, fish }

describe.each(Object.entries(shells))('%s', (_name, offers) => {
  test('completes commands', () => {
    expect(offers('postern cred')).toContain('credential-process')
    const all = offers('postern ')
    for (const name of ['serve', 'update', 'setup', 'pki', 'version', 'help'])
      expect(all).toContain(name)
  })

  test('completes the second word of commands that have one', () => {
    expect(offers('postern setup ')).toEqual(['roles-anywhere'])
  })

  test('completes the flags of the command, and no others', () => {
    const flags = offers('postern serve --')
    expect(flags.map((flag) => flag.replace(/=$/, ''))).toEqual(
      expect.arrayContaining(['--port', '--ecs', '--certificate', '--role-arn']),
    )
    expect(flags.join(' ')).not.toContain('--once')
    expect(offers('postern setup roles-anywhere --p').join(' ')).toContain('--pfx')
  })

  test('completes values: choices, files and profiles', () => {
    expect(offers('postern sign-string --format ').toSorted()).toEqual(['bin', 'json', 'text'])
    expect(offers('postern serve --certificate cl').map((path) => path.trim())).toContain(
      'client.pem',
    )
    expect(offers('postern update --profile ').toSorted()).toEqual(['one', 'two'])
    expect(offers('postern credentials --format fi')).toEqual(['fish'])
  })

  test('completes the roles that were listed last', () => {
    const roles = ['2222/Admin', 'Production/ReadOnly']
    expect(offers('postern console ').filter((word) => !word.startsWith('-'))).toEqual(roles)
    expect(offers('postern configure Production/ReadOnly 2')).toEqual(roles.slice(0, 1))
    expect(offers('postern exec P')).toEqual(roles.slice(1))
    expect(offers('postern credential-process --role ').toSorted()).toEqual(roles)
  })
})

test('the man page is one that man reads without a complaint', () => {
  const page = execFileSync(process.execPath, [main, 'man'])
  const path = join(home, 'postern.1')
  writeFileSync(path, page)
  const shown = execFileSync(manProgram, ['--warnings', '-l', path], {
    env: { ...env, MANWIDTH: '100', LC_ALL: 'C.UTF-8' },
    stdio: 'pipe',
  })
  expect(shown.toString()).toMatch(/NAME\n\s+postern - into AWS without keys/)
  expect(shown.toString()).toContain('--trust-anchor-arn ARN')
})
