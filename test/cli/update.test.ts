import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { changeFile } from '../../src/cli/aws-files/change-file.ts'
import { refuse } from '../rolesanywhere/fake-roles-anywhere.ts'
import { granting } from '../support/fake-create-session.ts'
import { cliLab, ended } from './cli-lab.ts'
import { heldSurroundings } from './held-surroundings.ts'

const once1 = ['update', '--once']

describe('update', () => {
  test('makes folder and file for the user alone, and says nothing', async () => {
    const lab = await cliLab()
    const outcome = await lab.run([...once1, ...lab.session()])
    expect(outcome).toEqual({ code: 0, signal: null, stdout: '', stderr: '' })
    const path = join(lab.home, '.aws/credentials')
    expect(readFileSync(path, 'utf8')).toBe(
      '[default]\naws_access_key_id = ASIAFAKE000000000001\n' +
        'aws_secret_access_key = fake/Secret+Key=\naws_session_token = fakeToken1==\n',
    )
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(lab.home, '.aws')).mode & 0o777).toBe(0o700)
  })

  test('takes the profile from --profile, else from AWS_PROFILE', async () => {
    const lab = await cliLab()
    const env = { AWS_PROFILE: 'from-env' }
    await lab.run([...once1, ...lab.session()], { env })
    await lab.run([...once1, '--profile', 'named', ...lab.session()], { env })
    const text = readFileSync(join(lab.home, '.aws/credentials'), 'utf8')
    expect(text.match(/^\[.*\]$/gm)).toEqual(['[from-env]', '[named]'])
  })

  test('follows a link and keeps the mode', async () => {
    const lab = await cliLab()
    const elsewhere = lab.file('elsewhere/creds', '[x]\nregion = a\n')
    mkdirSync(join(lab.home, '.aws'))
    symlinkSync(elsewhere, join(lab.home, '.aws/credentials'))
    await lab.run([...once1, ...lab.session()])
    expect(lstatSync(join(lab.home, '.aws/credentials')).isSymbolicLink()).toBe(true)
    expect(readFileSync(elsewhere, 'utf8')).toContain('[x]\nregion = a\n\n[default]\n')
    expect(statSync(elsewhere).mode & 0o777).toBe(0o644)
  })

  test('keeps the mode whatever is masked', async () => {
    const lab = await cliLab()
    const path = lab.file('.aws/credentials', '')
    chmodSync(path, 0o664)
    lab.program = ['bash', '-c', 'umask 077; exec "$@"', '-', ...lab.program]
    expect((await lab.run([...once1, ...lab.session()])).code).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o664)
  })

  test.runIf(process.getuid?.() === 0)('leaves to a user what root writes for them', async () => {
    const lab = await cliLab()
    const path = lab.file('.aws/credentials', '[x]\n')
    const folder = join(lab.home, '.aws')
    for (const one of [path, folder]) chownSync(one, 12_345, 23_456)
    for (const env of [{}, { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'new') }])
      expect((await lab.run([...once1, ...lab.session()], { env })).code).toBe(0)
    const names = readdirSync(folder)
    expect(names).toHaveLength(4)
    for (const name of names)
      expect(statSync(join(folder, name))).toMatchObject({ uid: 12_345, gid: 23_456 })
  })

  test('makes what a link leads to where that is not there yet', async () => {
    const lab = await cliLab()
    mkdirSync(join(lab.home, '.aws'))
    symlinkSync('../dotfiles/aws/credentials', join(lab.home, '.aws/credentials'))
    expect((await lab.run([...once1, ...lab.session()])).code).toBe(0)
    expect(lstatSync(join(lab.home, '.aws/credentials')).isSymbolicLink()).toBe(true)
    const made = join(lab.home, 'dotfiles/aws/credentials')
    expect(readFileSync(made, 'utf8')).toContain('[default]\n')
    expect(statSync(made).mode & 0o777).toBe(0o600)
  })

  test('takes an empty variable for none, and ~/ for the home', async () => {
    const lab = await cliLab()
    const empty = { AWS_SHARED_CREDENTIALS_FILE: '', AWS_CONFIG_FILE: '', AWS_PROFILE: '' }
    expect((await lab.run([...once1, ...lab.session()], { env: empty })).code).toBe(0)
    expect(readFileSync(join(lab.home, '.aws/credentials'), 'utf8')).toMatch(/^\[default\]\n/)
    const inHome = { AWS_SHARED_CREDENTIALS_FILE: '~/other' }
    expect((await lab.run([...once1, ...lab.session()], { env: inHome })).code).toBe(0)
    expect(readFileSync(join(lab.home, 'other'), 'utf8')).toMatch(/^\[default\]\n/)
  })

  test('says where it could not write', async () => {
    const lab = await cliLab()
    const path = join(lab.file('a file', ''), 'credentials')
    const env = { AWS_SHARED_CREDENTIALS_FILE: path }
    const { code, stderr } = await lab.run([...once1, ...lab.session()], { env })
    expect([code, stderr]).toEqual([1, expect.stringMatching(/can't be written: ENOTDIR.*Check/)])
  })

  test('needs no HOME where the file is named', async () => {
    const lab = await cliLab()
    const path = join(lab.home, 'deep/er/creds')
    const env = { HOME: '', AWS_SHARED_CREDENTIALS_FILE: path }
    const args = [...once1, '--no-cache', ...lab.session()]
    expect((await lab.run(args, { env })).code).toBe(0)
    expect(readFileSync(path, 'utf8')).toContain('[default]')
  })

  test('changes nothing and exits 1 when AWS refuses', async () => {
    const lab = await cliLab()
    const path = lab.file('.aws/credentials', '[default]\naws_access_key_id = old\n')
    lab.aws.answer = refuse(403, 'AccessDeniedException', 'no')
    expect((await lab.run([...once1, ...lab.session()])).code).toBe(1)
    expect(readFileSync(path, 'utf8')).toBe('[default]\naws_access_key_id = old\n')
  })

  test('waits for the renewal without asking AWS in a loop, and ends at once on SIGTERM', async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(4 * 60)
    const child = lab.start(['update', ...lab.session()])
    const outcome = ended(child)
    const [chunk] = (await once(child.stderr ?? child, 'data')) as [Buffer]
    expect(chunk.toString()).toMatch(/^[\d/: ]+Credentials will be refreshed at 20\d\d-/)
    await delay(300)
    child.kill('SIGTERM')
    expect(await outcome).toMatchObject({ code: 0, signal: null })
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test(
    'keeps what twenty at once write, and everything that stood there',
    { timeout: 60_000 },
    async () => {
      const lab = await cliLab()
      const before = '# mine\n[keep]\nregion = eu-west-1 # not a comment\n\n[profile-0]\nx = 1'
      const path = lab.file('.aws/credentials', before)
      const names = Array.from({ length: 20 }, (_, index) => `profile-${index}`)
      const all = await Promise.all(
        names.map((name) => ended(lab.start([...once1, '--profile', name, ...lab.session()]))),
      )
      expect(new Set(all.map(({ code }) => code))).toEqual(new Set([0]))
      const text = readFileSync(path, 'utf8')
      expect(text.startsWith(`${before}\n`)).toBe(true)
      for (const name of names) expect(text.split(`[${name}]`)).toHaveLength(2)
      expect(text.match(/^aws_session_token = /gm)).toHaveLength(20)
    },
  )
})

describe('a writer that is killed', () => {
  test('leaves the old file or the new one, and no lock', { timeout: 60_000 }, async () => {
    const lab = await cliLab()
    const head = '# top\n[other]\nkey = value\n'
    const tail = '\n[last]\nkey = value'
    const path = lab.file('config', `${head}[mine]\nvalue = 0  end\n${tail}`)
    const script = new URL('children/rewriting.ts', import.meta.url).pathname
    for (let round = 0; round < 12; round += 1) {
      const child = spawn(process.execPath, [script, path], {
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      await once(child.stdout, 'data')
      await delay(round * 3 + Math.random() * 5)
      child.kill('SIGKILL')
      await once(child, 'close')
      expect(readFileSync(path, 'utf8')).toMatch(
        /^# top\n\[other\]\nkey = value\n\[mine\]\nvalue = \d+ x* end\n\n\[last\]\nkey = value$/,
      )
      const started = Date.now()
      await changeFile(path, heldSurroundings(), (bytes) => bytes)
      expect(Date.now() - started).toBeLessThan(500)
    }
    await changeFile(path, heldSurroundings(), (bytes) => Buffer.concat([bytes, Buffer.from('\n')]))
    expect(readdirSync(lab.home).filter((name) => name.includes('tmp'))).toEqual([])
  })
})
