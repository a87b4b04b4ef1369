import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refuse } from '../rolesanywhere/fake-roles-anywhere.ts'
import { issue } from '../keys/test-certificates.ts'
import { granting } from '../support/fake-create-session.ts'
import { cliLab, ended, parsed } from './cli-lab.ts'

const command = 'credential-process'

describe('the cache', () => {
  test('answers the second call, in a file that only the user can read', async () => {
    const lab = await cliLab()
    const first = await lab.run([command, ...lab.session()])
    const second = await lab.run([command, ...lab.session()])
    expect(second).toEqual(first)
    expect(lab.aws.arrived).toHaveLength(1)
    const [name = ''] = lab.cached()
    const folder = join(lab.home, '.cache/postern')
    expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600)
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  test.for([
    ['--session-duration', '1800'],
    ['--role-session-name', 'me'],
    ['--region', 'eu-west-1'],
    ['--role-arn', 'arn:aws:iam::111111111111:role/Other'],
  ])('keeps requests with %j apart', async (more) => {
    const lab = await cliLab()
    await lab.run([command, ...lab.session()])
    await lab.run([command, ...lab.session(...more)])
    expect(lab.aws.arrived).toHaveLength(2)
    expect(lab.cached()).toHaveLength(2)
  })

  test('asks anew when the certificate has been renewed, and keeps no old entry', async () => {
    const lab = await cliLab()
    await lab.run([command, ...lab.session()])
    const next = issue({ commonName: 'next' })
    lab.file('client.pem', next.certificatePem)
    lab.file('client.key', next.keyPem)
    await lab.run([command, ...lab.session()])
    expect(lab.aws.arrived).toHaveLength(2)
    expect(lab.cached()).toHaveLength(1)
  })

  test('is neither read nor written with --no-cache', async () => {
    const lab = await cliLab()
    await lab.run([command, ...lab.session('--no-cache')])
    await lab.run([command, ...lab.session('--no-cache')])
    expect(lab.aws.arrived).toHaveLength(2)
    expect(lab.cached()).toEqual([])
  })

  test('is refreshed while less than 20 minutes or half the life is left', async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(19 * 60)
    // 19 minutes of 19: less than half has gone.
    await lab.run([command, ...lab.session()])
    await lab.run([command, ...lab.session()])
    expect(lab.aws.arrived).toHaveLength(1)
    const [name = ''] = lab.cached()
    const path = join(lab.home, '.cache/postern', name)
    const entry = JSON.parse(readFileSync(path, 'utf8')) as { session: { obtained: number } }
    entry.session.obtained -= 20 * 60_000
    writeFileSync(path, JSON.stringify(entry))
    await lab.run([command, ...lab.session()])
    expect(lab.aws.arrived).toHaveLength(2)
  })

  test('hands out what still lasts when AWS does not answer, and says so', async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(15 * 60)
    await lab.run([command, ...lab.session()])
    const [name = ''] = lab.cached()
    const path = join(lab.home, '.cache/postern', name)
    const entry = JSON.parse(readFileSync(path, 'utf8')) as { session: { obtained: number } }
    entry.session.obtained -= 20 * 60_000
    writeFileSync(path, JSON.stringify(entry))
    lab.aws.answer = refuse(503, 'ServiceUnavailable', 'later')
    const { code, stdout, stderr } = await lab.run([command, ...lab.session()], {
      env: { AWS_MAX_ATTEMPTS: '1' },
    })
    expect(code).toBe(0)
    expect(parsed(stdout)['AccessKeyId']).toBe('ASIAFAKE000000000001')
    expect(stderr).toContain('The former credentials go on until')
    lab.aws.answer = refuse(403, 'AccessDeniedException', 'Certificate revoked')
    expect((await lab.run([command, ...lab.session()])).code).toBe(1)
  })

  test.for(['0644', '0660', 'link', 'folder 0755', 'folder link'])(
    'is not believed when it is open to others: %s',
    async (kind) => {
      const lab = await cliLab()
      await lab.run([command, ...lab.session()])
      const folder = join(lab.home, '.cache/postern')
      const [name = ''] = lab.cached()
      const path = join(folder, name)
      if (kind === 'link') {
        const elsewhere = lab.file('elsewhere', readFileSync(path))
        unlinkSync(path)
        symlinkSync(elsewhere, path)
      } else if (kind === 'folder 0755') {
        chmodSync(folder, 0o755)
      } else if (kind === 'folder link') {
        rmSync(folder, { recursive: true })
        symlinkSync(lab.home, folder)
      } else {
        chmodSync(path, Number.parseInt(kind, 8))
      }
      const { code, stderr } = await lab.run([command, ...lab.session()])
      expect(code).toBe(0)
      expect(stderr.match(/the credential cache is not used/g)).toHaveLength(1)
      expect(lab.aws.arrived).toHaveLength(2)
    },
  )

  test('is gone without where no file can grow, and says so once', async () => {
    const lab = await cliLab()
    const noRoom = 'trap "" XFSZ; ulimit -f 0; exec "$@"'
    lab.program = ['bash', '-c', noRoom, '-', ...lab.program]
    const { code, stdout, stderr } = await lab.run([command, ...lab.session()])
    expect([code, parsed(stdout)['Version']]).toEqual([0, 1])
    expect(stderr.match(/the credential cache is not used: .*--no-cache/g)).toHaveLength(1)
    expect(lab.cached()).toEqual([])
  })

  test('is gone without where its lock is none', async () => {
    const lab = await cliLab()
    for (let number = 0; number < 64; number += 1)
      mkdirSync(join(lab.home, `.cache/postern/${number}.lock`), { recursive: true, mode: 0o700 })
    chmodSync(join(lab.home, '.cache/postern'), 0o700)
    const { code, stderr } = await lab.run([command, ...lab.session()])
    expect(code).toBe(0)
    expect(stderr).toMatch(/^\S+ \S+ the credential cache is not used: .*--no-cache\.\n$/)
  })

  test('never holds a PIN or a password', async () => {
    const lab = await cliLab()
    const pem = lab.leaf.privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'sesame-open',
    })
    const key = lab.file('locked.key', pem)
    const args = [...lab.session('--private-key', key, '--pkcs8-password', 'sesame-open')]
    expect((await lab.run([command, ...args])).code).toBe(0)
    const folder = join(lab.home, '.cache/postern')
    for (const name of readdirSync(folder)) {
      expect(readFileSync(join(folder, name), 'utf8')).not.toContain('sesame')
    }
  })

  test('makes fifty parallel calls one request', { timeout: 120_000 }, async () => {
    const lab = await cliLab()
    lab.aws.answer = granting(undefined, 100)
    const all = await Promise.all(
      Array.from({ length: 50 }, () => ended(lab.start([command, ...lab.session()]))),
    )
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set([0]))
    expect(new Set(all.map(({ stdout }) => stdout)).size).toBe(1)
    expect(lab.aws.arrived).toHaveLength(1)
  })
})
