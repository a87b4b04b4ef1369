import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleExecutable } from '../../scripts/bundle-executable.ts'
import { cliLab, ended, parsed } from '../cli/cli-lab.ts'

const folder = mkdtempSync(join(tmpdir(), 'postern-sea-'))
const executable = join(folder, 'postern')
// No Node is to be found from here.
const env = { PATH: '/nonexistent', NODE_OPTIONS: '--require /nonexistent.cjs' }

beforeAll(() => bundleExecutable(executable), 120_000)
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

describe('the single executable', () => {
  test('shows help and version without a Node, whatever NODE_OPTIONS say', () => {
    const run = (...words: readonly string[]): string =>
      execFileSync(executable, words, { env, encoding: 'utf8' })
    expect(run('--help')).toContain('Usage:\n  postern COMMAND [flags]')
    expect(run('version')).toMatch(/^\d+\.\d+\.\d+\n$/)
  })

  test('gets credentials from AWS, and then from the cache', async () => {
    const lab = await cliLab()
    lab.program = [executable]
    const first = await lab.run(['credential-process', ...lab.session()], { env })
    expect([first.code, first.stderr]).toEqual([0, ''])
    expect(parsed(first.stdout)).toMatchObject({ Version: 1, AccessKeyId: 'ASIAFAKE000000000001' })
    expect(await lab.run(['credential-process', ...lab.session()], { env })).toEqual(first)
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test('serves until it is told to stop', async () => {
    const lab = await cliLab()
    lab.program = [executable]
    const child = lab.start(['serve', '--port', '0', ...lab.session()], env)
    const outcome = ended(child)
    child.stderr?.once('data', () => child.kill('SIGTERM'))
    const { code, stderr } = await outcome
    expect([code, stderr]).toEqual([0, expect.stringContaining('started on port')])
  })

  test('makes an authority, and a profile that calls the executable itself', async () => {
    const lab = await cliLab()
    lab.program = [executable]
    expect((await lab.run(['pki', 'init'], { env })).code).toBe(0)
    expect((await lab.run(['pki', 'issue', 'alice'], { env })).code).toBe(0)
    const certificate = [
      '--certificate',
      'pki/issued/alice.pem',
      '--private-key',
      'pki/issued/alice.key',
    ]
    const arns = lab.session().slice(4)
    const setup = ['setup', 'roles-anywhere', '--no-check', ...certificate, ...arns]
    const { code, stderr } = await lab.run(setup, { env })
    expect([code, stderr]).toEqual([0, expect.stringContaining('Profile iamrolesanywhere')])
    expect(readFileSync(join(lab.home, '.aws/config'), 'utf8')).toContain(
      `credential_process = ${executable} credential-process --certificate`,
    )
  })
})
