import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { request } from 'undici'
import { z } from 'zod'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { cliLab } from '../cli/cli-lab.ts'
import { startBrokerProcess } from '../support/broker-process.ts'
import { freePort } from '../support/free-port.ts'

const run = promisify(execFile)
const root = join(import.meta.dirname, '..', '..')
const packed = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
)

let folder: string
let paths: readonly string[]
let program: string
let commandLine: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern-package-'))
  const packing = ['pack', '--json', '--pack-destination', folder]
  const { stdout } = await run('npm', packing, { cwd: root })
  const [{ filename, files } = { filename: '', files: [] }] = packed.parse(
    JSON.parse(stdout.slice(stdout.indexOf('['))),
  )
  paths = files.map(({ path }) => path)
  writeFileSync(join(folder, 'package.json'), '{}')
  await run('npm', ['install', '--ignore-scripts', join(folder, filename)], { cwd: folder })
  program = join(folder, 'node_modules', '.bin', 'postern-server')
  commandLine = join(folder, 'node_modules', '.bin', 'postern')
}, 240_000)
afterAll(() => {
  rmSync(folder, { recursive: true })
})

function postern(...words: string[]): Promise<{ stdout: string; stderr: string }> {
  const PATH = [dirname(process.execPath), process.env['PATH']].join(delimiter)
  return run(program, words, { cwd: folder, env: { ...process.env, PATH } })
}

describe('the package, installed elsewhere', () => {
  test('holds what was built, and neither source nor sandbox nor tests', () => {
    const known =
      /^(bin|dist|public|views)\/|^scripts\/[\w-]+\.ps1$|^(CHANGELOG|LICENSE|README)|^package\.json$/
    expect(paths.filter((path) => !known.test(path))).toEqual([])
    expect(paths.filter((path) => path.endsWith('.ts'))).toEqual([])
    expect(paths).toContain('dist/main.js')
    for (const script of ['Set-PosternCredential', 'Set-RolesAnywhereProfile'])
      expect(paths).toContain(`scripts/${script}.ps1`)
  })

  test('runs its program', async () => {
    expect((await postern('version')).stdout).toMatch(/^\d+\.\d+\.\d+\S*\n$/)
    expect((await postern('help')).stdout).toContain('check-config')
  })

  test('runs the command line, by way of the link that npm makes', async () => {
    const lab = await cliLab()
    lab.program = [process.execPath, commandLine]
    expect((await lab.run(['--help'])).stdout).toContain('postern COMMAND [flags]')
    expect((await lab.run(['help', 'serve'])).stdout).toContain('--hop-limit')
    const asked = await lab.run(['credential-process', ...lab.session()])
    expect(asked).toMatchObject({ code: 0, stderr: '' })
    expect(await lab.run(['credential-process', ...lab.session()])).toEqual(asked)
    expect(lab.aws.arrived).toHaveLength(1)
    expect((await lab.run(['pki', 'init'])).code).toBe(0)
    expect(
      (
        await lab.run(['pki', 'issue', 'alice', '--p12', '--p12-password-file', '-'], {
          input: 'x',
        })
      ).code,
    ).toBe(0)
    const p12 = ['--certificate', 'pki/issued/alice.p12', '--pkcs8-password', 'x']
    expect((await lab.run(['sign-string', ...p12])).code).toBe(0)
  })

  test('reads a configuration and serves pages with their files', async () => {
    await using sandbox = await startSandbox()
    const port = await freePort()
    const config = await writeDemoConfig(folder, { broker: port, aws: sandbox.port })
    expect((await postern('check-config', config)).stdout).toContain('is in order')
    const installed = join(folder, 'node_modules', 'postern', 'bin', 'postern-server.cjs')
    await using broker = await startBrokerProcess(config, port, [], installed)
    const page = await request(`${broker.url}/sign-in`)
    const [, stylesheet = ''] =
      /href="(\/public\/[^"]+\.css[^"]*)"/.exec(await page.body.text()) ?? []
    const css = await request(broker.url + stylesheet)
    expect([page.statusCode, css.statusCode]).toEqual([200, 200])
    await css.body.dump()
  })
})
