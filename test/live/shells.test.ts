import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findFormat } from '../../src/credentials/formats.ts'
import { requireCommand } from '../support/require-command.ts'

/** Values as bad as values get; AWS's own have none of it but `/ + =`. */
const nasty: readonly string[] = [
  'abc/def+ghi==',
  "it's",
  "''",
  "'",
  '"double"',
  '$HOME ${HOME} $(id) $((1+1))',
  '`id`',
  '%PATH% %d %%',
  '!! !$ !x \\!',
  '# no comment',
  '~ * ? [a] {a,b}',
  ' leading and trailing ',
  '\\',
  '\\\\',
  '\\n\\t\\0',
  'ends with \\',
  "\\'",
  "'\\''",
  '; & | < > ( )',
  '-n',
  '=',
  'ümlaut 漢字 🙂 ‘’',
  `all of it: / + = $ ' " \\ \` % ! # ~ * ; & | ( )`,
  'x'.repeat(3000),
]

const stale = {
  AWS_PROFILE: 'stale',
  AWS_DEFAULT_PROFILE: 'stale',
  AWS_SECURITY_TOKEN: 'stale',
  AWS_SESSION_TOKEN: 'stale',
}

type Way = 'read from a file' | 'typed into a terminal'

/** What the shell's children find in their environment after each snippet, all in one session. */
function environmentsAfter(shell: string, flags: string, snippets: readonly string[], way: Way) {
  const folder = mkdtempSync(join(tmpdir(), 'postern-shell-'))
  try {
    const found = (index: number) => join(folder, `environment-${index}`)
    const script = join(folder, 'script')
    const lines = snippets.map((snippet, index) => `${snippet}env -0 > ${found(index)}\n`)
    writeFileSync(script, `${lines.join('')}exit\n`)
    const env = { HOME: folder, PATH: process.env['PATH'] ?? '', LC_ALL: 'C.UTF-8', ...stale }
    // Only a terminal brings history expansion and line editing, which people paste into.
    const typed = ['-qec', `${shell} ${flags} -i`, '/dev/null']
    const run =
      way === 'read from a file'
        ? spawnSync(shell, [...flags.split(' ').filter(Boolean), script], { env, timeout: 20_000 })
        : spawnSync('script', typed, { env, timeout: 50_000, input: readFileSync(script) })
    if (run.status !== 0) throw new Error(`${shell}: ${run.status} ${run.stderr.toString()}`)
    return snippets.map((_, index) => variablesIn(readFileSync(found(index), 'utf8')))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function variablesIn(environment: string): Map<string, string> {
  const pairs = environment.split('\0').map((line) => ({ line, at: line.indexOf('=') }))
  return new Map(pairs.map(({ line, at }) => [line.slice(0, at), line.slice(at + 1)]))
}

function snippetOf(format: string, value: string): string {
  const credentials = {
    accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
    secretAccessKey: value,
    sessionToken: value,
    expiration: new Date('2026-11-20T09:14:00Z'),
  }
  const options = { region: 'eu-west-1', endpoints: { sts: 'http://localhost:3001/?a=b&c' } }
  const snippet = findFormat(format)?.render(credentials, options)
  if (snippet === undefined) throw new Error(`no format ${format}`)
  return snippet
}

const shells = [
  { shell: 'bash', debianPackage: 'bash', format: 'bash', flags: '--norc' },
  { shell: 'zsh', debianPackage: 'zsh', format: 'bash', flags: '-f' },
  { shell: 'dash', debianPackage: 'dash', format: 'bash', flags: '' },
  { shell: 'fish', debianPackage: 'fish', format: 'fish', flags: '--no-config' },
  { shell: 'tcsh', debianPackage: 'tcsh', format: 'tcsh', flags: '-f' },
] as const

describe.each(shells)('$shell', ({ shell, debianPackage, format, flags }) => {
  const [found = shell] = requireCommand(shell, debianPackage)
  requireCommand('script', 'bsdutils')

  describe.each(['read from a file', 'typed into a terminal'] as const)('a snippet %s', (way) => {
    let environments: readonly Map<string, string>[] | undefined

    function environmentAfter(value: string): Map<string, string> | undefined {
      const snippets = nasty.map((one) => snippetOf(format, one))
      environments ??= environmentsAfter(found, flags, snippets, way)
      return environments[nasty.indexOf(value)]
    }

    test.each(nasty)('hands on %j byte for byte', (value) => {
      const environment = environmentAfter(value)
      expect(environment?.get('AWS_SECRET_ACCESS_KEY')).toBe(value)
      expect(environment?.get('AWS_SESSION_TOKEN')).toBe(value)
    })

    test('sets every variable and unsets the stale ones', () => {
      const [first = ''] = nasty
      const aws = [...(environmentAfter(first) ?? [])].filter(([name]) => name.startsWith('AWS_'))
      expect(Object.fromEntries(aws)).toEqual({
        AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE',
        AWS_SECRET_ACCESS_KEY: first,
        AWS_SESSION_TOKEN: first,
        AWS_CREDENTIAL_EXPIRATION: '2026-11-20T09:14:00Z',
        AWS_REGION: 'eu-west-1',
        AWS_DEFAULT_REGION: 'eu-west-1',
        AWS_ENDPOINT_URL_STS: 'http://localhost:3001/?a=b&c',
      })
    })
  })
})
