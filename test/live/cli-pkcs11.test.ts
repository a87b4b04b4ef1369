import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleCli } from '../../scripts/bundle-cli.ts'
import { type CliLab, cliLab, type Outcome } from '../cli/cli-lab.ts'
import { issue, keyPairs } from '../keys/test-certificates.ts'

const module = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))
const from = createRequire(join(process.env['POSTERN_PKCS11JS'] ?? process.cwd(), 'package.json'))
const addon = ((): string | undefined => {
  try {
    return from.resolve('pkcs11js')
  } catch {
    return undefined
  }
})()
const absent = [
  ...(module ? [] : ['softhsm2']),
  ...(existsSync('/usr/bin/pkcs11-tool') ? [] : ['opensc']),
  ...(addon ? [] : ['the npm package pkcs11js']),
]
const needs = `needs ${absent.join(' and ')}`

const rsa = issue({ commonName: 'rsa', keys: keyPairs.rsa2048() })
const ec = issue({ commonName: 'ec' })
let folder = ''

beforeAll(async () => {
  if (absent.length > 0) return
  folder = mkdtempSync(join(tmpdir(), 'postern-cli-hsm-'))
  mkdirSync(join(folder, 'tokens'))
  writeFileSync(
    join(folder, 'conf'),
    `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`,
  )
  const env = { ...process.env, SOFTHSM2_CONF: join(folder, 'conf') }
  const run = (program: string, ...args: readonly string[]): void => {
    execFileSync(program, args, { env, stdio: 'pipe' })
  }
  run(
    'softhsm2-util',
    '--init-token',
    '--free',
    '--label',
    'postern',
    '--pin',
    '1234',
    '--so-pin',
    '5678',
  )
  const tool = [
    '--module',
    module ?? '',
    '--token-label',
    'postern',
    '--login',
    '--pin',
    '1234',
    '--write-object',
  ]
  for (const [index, [label, issued]] of Object.entries({ rsa, ec }).entries()) {
    const [key, der] = [join(folder, `${label}.key`), join(folder, `${label}.der`)]
    writeFileSync(key, issued.privateKey.export({ type: 'pkcs8', format: 'der' }))
    writeFileSync(der, issued.certificate.raw)
    const named = ['--label', label, '--id', `0${index + 1}`]
    run('pkcs11-tool', ...tool, key, '--type', 'privkey', '--usage-sign', ...named)
    run('pkcs11-tool', ...tool, der, '--type', 'cert', ...named)
  }
  // As installed: the bundle, and the optional package beside it.
  mkdirSync(join(folder, 'installed/node_modules'), { recursive: true })
  await bundleCli(join(folder, 'installed/postern.cjs'))
  const found = addon ?? ''
  const package_ = found.slice(0, found.lastIndexOf('pkcs11js') + 'pkcs11js'.length)
  symlinkSync(
    existsSync(join(package_, 'package.json')) ? package_ : dirname(found),
    join(folder, 'installed/node_modules/pkcs11js'),
  )
})

afterAll(() => {
  if (folder) rmSync(folder, { recursive: true, force: true })
})

function run(
  lab: CliLab,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Outcome {
  try {
    const stdout = execFileSync(
      process.execPath,
      [join(folder, 'installed/postern.cjs'), ...args],
      {
        env: { ...lab.env, SOFTHSM2_CONF: join(folder, 'conf'), ...env },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    return { code: 0, signal: null, stdout, stderr: '' }
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string }
    return { code: status, signal: null, stdout, stderr }
  }
}

describe('a key on a PKCS#11 token', () => {
  test.for(['rsa', 'ec'])('signs the test string, and is listed: %s', async (label, { skip }) => {
    if (absent.length > 0) skip(needs)
    const lab = await cliLab()
    const uri = `pkcs11:token=postern;object=${label}?pin-value=1234`
    const library = ['--pkcs11-lib', module ?? '']
    const signed = run(lab, ['sign-string', '--certificate', uri, '--format', 'text', ...library])
    expect([signed.code, signed.stdout, signed.stderr]).toEqual([
      0,
      expect.stringMatching(/^[0-9a-f]+$/),
      '',
    ])
    const listed = run(lab, [
      'read-certificate-data',
      '--certificate',
      `pkcs11:object=${label}`,
      ...library,
    ])
    expect(listed.stdout).toMatch(
      new RegExp(
        `^Matching identities\\n1\\) Hex Fingerprint: [0-9a-f]{40}\\nSubject: CN=${label}\\nIssuer: CN=${label}\\nSerial Number: [0-9A-F]+\\nURI: pkcs11:.*object=${label}`,
      ),
    )
  })

  test('takes the module from the environment, and the certificate from a file', async ({
    skip,
  }) => {
    if (absent.length > 0) skip(needs)
    const lab = await cliLab(ec)
    const args = [
      'sign-string',
      '--certificate',
      join(lab.home, 'client.pem'),
      '--private-key',
      'pkcs11:object=ec?pin-value=1234',
    ]
    expect(run(lab, args, { PKCS11_MODULE_PATH: module ?? '' })).toMatchObject({
      code: 0,
      stderr: '',
    })
  })

  test('does not ask where there is no terminal, and says what is wrong', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const lab = await cliLab()
    const library = ['--pkcs11-lib', module ?? '']
    const wrong = run(lab, [
      'sign-string',
      '--certificate',
      'pkcs11:object=ec?pin-value=9999',
      ...library,
    ])
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('CKR_PIN_INCORRECT')])
    const none = run(lab, [
      'read-certificate-data',
      '--certificate',
      'pkcs11:object=none',
      ...library,
    ])
    expect(none.stdout).toBe('No matching identities\n')
  })
})
