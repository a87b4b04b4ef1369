import {
  chmodSync,
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
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { granting } from '../support/fake-create-session.ts'
import { arns, cliLab, ended, parsed } from './cli-lab.ts'

const command = 'credential-process'

describe('credential-process', () => {
  test('prints one line of JSON with the keys in the order of the AWS helper', async () => {
    const lab = await cliLab()
    const { code, stdout, stderr } = await lab.run([command, ...lab.session()])
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).not.toContain('\n')
    expect(Object.entries(parsed(stdout)).map(([key]) => key)).toEqual([
      'Version',
      'AccessKeyId',
      'SecretAccessKey',
      'SessionToken',
      'Expiration',
    ])
    expect(parsed(stdout)).toMatchObject({ Version: 1, SecretAccessKey: 'fake/Secret+Key=' })
    expect(lab.aws.arrived).toHaveLength(1)
    expect(lab.aws.arrived[0]?.body).toBe('{"durationSeconds":3600}')
    expect(lab.aws.arrived[0]?.headers['user-agent']).toMatch(/^Postern\/\d+\.\d+\.\d+ /)
  })

  test('never waits for standard input', async () => {
    const lab = await cliLab()
    const { code } = await lab.run([command, ...lab.session()])
    expect(code).toBe(0)
  })

  test('takes the certificate from standard input where the user wrote a dash', async () => {
    const lab = await cliLab()
    const args = [command, '--certificate', '-', ...arns]
    const input = lab.leaf.certificatePem + lab.leaf.keyPem
    expect((await lab.run(args, { input })).code).toBe(0)
    const beside = [
      command,
      '--certificate',
      '-',
      '--private-key',
      join(lab.home, 'client.key'),
      ...arns,
    ]
    expect((await lab.run(beside, { input: lab.leaf.certificatePem })).code).toBe(0)
    expect(lab.aws.arrived).toHaveLength(2)
    expect(lab.cached()).toEqual([])
  })

  test.for(['rsa2048', 'p384', 'mlDsa65'] as const)('signs with a key of %s', async (kind) => {
    const lab = await cliLab(issue({ keys: keyPairs[kind]() }))
    expect((await lab.run([command, ...lab.session()])).code).toBe(0)
  })

  test('sends the intermediate certificates', async () => {
    const lab = await cliLab()
    const other = issue({ commonName: 'other', authority: true, keyUsage: 4 })
    const path = lab.file('chain.pem', other.certificatePem)
    await lab.run([command, ...lab.session('--intermediates', path)])
    expect(lab.aws.arrived[0]?.headers['x-amz-x509-chain']).toBe(
      other.certificate.raw.toString('base64'),
    )
  })

  test('warns seven days before the certificate ends, from the cache as well', async () => {
    const soon = new Date(Date.now() + 6.5 * 86_400_000)
    const lab = await cliLab(issue({ to: soon }))
    for (let times = 0; times < 2; times += 1) {
      const { code, stderr } = await lab.run([command, ...lab.session()])
      expect(code).toBe(0)
      expect(stderr).toMatch(/^\d{4}\/\d\d\/\d\d \d\d:\d\d:\d\d warning: .* expires in 6 days/)
    }
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test("says AWS's own words and exits 1 when AWS refuses", async () => {
    const lab = await cliLab()
    lab.aws.answer = refuse(403, 'AccessDeniedException', 'Untrusted signing certificate')
    const { code, stdout, stderr } = await lab.run([command, ...lab.session()])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^\d{4}\/\d\d\/\d\d [\d:]{8} .*Untrusted signing certificate/)
    expect(lab.aws.arrived).toHaveLength(1)
  })

  test.for([
    [['--certificate', '/nowhere'], 'could not parse PEM data'],
    [['--certificate', 'client.key'], 'could not parse PEM data'],
    [['--certificate', 'client.pem'], 'unable to parse private key'],
    [['--certificate', 'client.pem', '--private-key', 'client.pem'], 'unable to parse private key'],
    [['--trust-anchor-arn', 'x'], "failed to parse trust anchor arn: 'arn: invalid prefix'"],
    [['--profile-arn', 'x'], "failed to parse profile arn: 'arn: invalid prefix'"],
    [
      ['--profile-arn', 'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/p1'],
      "trust anchor and profile regions don't match",
    ],
  ] as const)('says of %j what the AWS helper says', async ([more, text]) => {
    const lab = await cliLab()
    const base = more[0] === '--certificate' ? [...arns] : [...lab.session()]
    const { code, stdout, stderr } = await lab.run([command, ...base, ...more])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toContain(text)
    expect(lab.aws.arrived).toHaveLength(0)
  })

  test('says what is missing where neither certificate nor key was given', async () => {
    const lab = await cliLab()
    const { code, stderr } = await lab.run([command, ...arns])
    expect(code).toBe(1)
    expect(stderr).toContain('unable to use cert store signer on linux')
  })

  test('shows no secret with --debug', async () => {
    const lab = await cliLab()
    const { stderr } = await lab.run([command, ...lab.session('--debug')])
    expect(stderr).toContain('CreateSession at localhost')
    expect(stderr).not.toMatch(/fake\/Secret|fakeToken/)
  })

  test('does not believe a server without its authority, and does with --no-verify-ssl', async () => {
    const lab = await cliLab()
    const env = { AWS_CA_BUNDLE: '' }
    const { code, stderr } = await lab.run([command, ...lab.session()], { env })
    expect([code, lab.aws.arrived.length]).toEqual([1, 0])
    expect(stderr).toContain('is not trusted')
    const loose = await lab.run([command, ...lab.session('--no-verify-ssl')], { env })
    expect(loose.code).toBe(0)
    // What came unverified is not handed to those who want it verified.
    expect((await lab.run([command, ...lab.session()], { env })).code).toBe(1)
  })

  test('prefers the endpoint of the service to the flag, and the flag to the endpoint of all', async () => {
    const lab = await cliLab()
    const nowhere = 'https://127.0.0.1:1'
    const none = { AWS_ENDPOINT_URL_ROLESANYWHERE: '' }
    const flag = await lab.run([command, ...lab.session('--endpoint', nowhere)])
    expect(flag.code).toBe(0)
    const env = { ...none, AWS_ENDPOINT_URL: nowhere }
    const own = await lab.run(
      [command, ...lab.session('--endpoint', lab.aws.endpoint, '--no-cache')],
      { env },
    )
    expect(own.code).toBe(0)
    lab.file('.aws/config', `[default]\nendpoint_url = ${lab.aws.endpoint}\n`)
    const config = await lab.run([command, ...lab.session('--no-cache')], { env: none })
    expect(config.code).toBe(0)
  })
})

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
      expect(stderr).toContain('the credential cache is not used')
      expect(lab.aws.arrived).toHaveLength(2)
    },
  )

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
