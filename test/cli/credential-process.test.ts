import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refuse } from '../rolesanywhere/fake-roles-anywhere.ts'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { arns, cliLab, parsed } from './cli-lab.ts'

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
    [
      'an expired certificate',
      { to: new Date('2026-01-02') },
      {},
      /the certificate ended on Jan {2}2 /,
    ],
    [
      'one of tomorrow',
      { from: new Date(Date.now() + 86_400_000) },
      {},
      /the certificate begins on .*clock/,
    ],
    [
      'a clock that is behind',
      {},
      { date: new Date(Date.now() + 1_200_000).toUTCString() },
      /AWS's clock is 20 minutes ahead; set that of this machine/,
    ],
  ] as const)('says of %s that this may be why AWS refuses', async ([, wish, headers, text]) => {
    const lab = await cliLab(issue(wish))
    lab.aws.answer = refuse(403, 'AccessDeniedException', 'Invalid signature', headers)
    const { code, stdout, stderr } = await lab.run([command, ...lab.session()])
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(text)
    expect(stderr).toMatch(/Invalid signature .*\n$/)
  })

  test.for([
    [['--certificate', '/nowhere'], 'Check its path, and who may read it'],
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
