import { describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { type CliLab, cliLab, ended, parsed } from './cli-lab.ts'

/** Runs with --json; gives what standard output holds, which is JSON and nothing else. */
async function json(lab: CliLab, ...words: readonly string[]): Promise<Record<string, unknown>> {
  const { code, stdout, stderr } = await lab.run([...words, '--json'])
  expect([code, code === 0 ? '' : stderr]).toEqual([0, ''])
  return parsed(stdout)
}

describe('--json', () => {
  test('of version tells Node and system too', async () => {
    const lab = await cliLab()
    const { stdout } = await lab.run(['version'])
    expect(await json(lab, 'version')).toEqual({
      version: stdout.trim(),
      node: process.version,
      platform: process.platform,
      architecture: process.arch,
    })
  })

  test('of read-certificate-data says what the file says, and until when it holds', async () => {
    const lab = await cliLab(issue({ commonName: 'one', serial: 0xabn, keys: keyPairs.p256() }))
    const words = ['read-certificate-data', '--certificate', join(lab.home, 'client.pem')]
    const { certificate } = lab.leaf
    expect(await json(lab, ...words)).toEqual({
      certificates: [
        {
          subject: 'CN=one',
          issuer: 'CN=one',
          notBefore: certificate.validFromDate.toISOString(),
          notAfter: certificate.validToDate.toISOString(),
          sha1Fingerprint: certificate.fingerprint.replaceAll(':', '').toLowerCase(),
          sha256Fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
          keyType: 'EC',
          certificateData: certificate.raw.toString('base64'),
          serialNumber: '171',
          supportedAlgorithms: ['ECSHA256', 'ECSHA384', 'ECSHA512'],
        },
      ],
    })
  })

  test('of sign-string has what is needed to verify the signature', async () => {
    const lab = await cliLab(issue({ serial: 5n }))
    const words = ['sign-string', ...lab.session().slice(0, 4)]
    expect(await json(lab, ...words, '--digest', 'SHA384')).toEqual({
      algorithm: 'ec',
      digest: 'SHA384',
      serialNumber: '5',
      signature: expect.stringMatching(/^30[0-9a-f]+$/) as unknown,
    })
    const both = await lab.run([...words, '--format', 'text', '--json'])
    expect([both.code, both.stdout]).toEqual([1, ''])
  })

  test('of pki names the files that were made, and what became of what was issued', async () => {
    const lab = await cliLab()
    const folder = join(lab.home, 'pki')
    expect(await json(lab, 'pki', 'init', '--intermediate')).toEqual({
      folder,
      root: authority('root'),
      intermediate: authority('intermediate'),
    })
    const alice = await json(lab, 'pki', 'issue', 'alice', '--days', '7')
    expect(alice).toEqual({
      name: 'alice',
      serial: expect.stringMatching(/^[0-9a-f]{32}$/) as unknown,
      notAfter: expect.stringMatching(/Z$/) as unknown,
      certificate: join(folder, 'issued/alice.pem'),
      key: join(folder, 'issued/alice.key'),
    })
    await lab.run(['pki', 'issue', 'bob'])
    expect(await json(lab, 'pki', 'revoke', 'alice')).toEqual({
      list: join(folder, 'crl.pem'),
      number: 1,
      nextUpdate: expect.stringMatching(/Z$/) as unknown,
      revoked: [alice['serial']],
    })
    expect(await json(lab, 'pki', 'crl')).toMatchObject({ number: 2 })
    expect(await json(lab, 'pki', 'list')).toMatchObject({
      certificates: [
        { name: 'alice', state: 'revoked', serial: alice['serial'] },
        { name: 'bob', state: 'valid' },
      ],
    })
    const table = (await lab.run(['pki', 'list'])).stdout.split('\n')
    expect(table.map((line) => line.split(/ +/).slice(0, 2).join(' '))).toEqual([
      'NAME STATE',
      'alice revoked',
      'bob valid',
      '',
    ])
  })

  test('of update says what was written, and of serve where the credentials are', async () => {
    const lab = await cliLab()
    const written = await lab.run(['update', '--once', '--json', ...lab.session()])
    expect([written.stdout.split('\n').length, parsed(written.stdout)]).toEqual([
      2,
      {
        profile: 'default',
        file: join(lab.home, '.aws/credentials'),
        expiration: expect.stringMatching(/Z$/) as unknown,
      },
    ])
    const child = lab.start(['serve', '--port', '0', '--json', ...lab.session()])
    const outcome = ended(child)
    child.stdout?.once('data', () => child.kill('SIGTERM'))
    const { code, stdout, stderr } = await outcome
    const { port } = parsed(stdout)
    expect([code, stderr, parsed(stdout)]).toEqual([
      0,
      '',
      {
        port: expect.any(Number) as unknown,
        environment: { AWS_EC2_METADATA_SERVICE_ENDPOINT: `http://127.0.0.1:${String(port)}/` },
      },
    ])
  })

  test('of setup tells what a scheduler needs', async () => {
    const lab = await cliLab()
    const keys = ['--certificate', 'client.pem', '--private-key', 'client.key']
    const words = ['setup', 'roles-anywhere', '--no-check', ...keys, ...lab.session().slice(4)]
    expect(await json(lab, ...words)).toEqual({
      profile: 'iamrolesanywhere',
      config: join(lab.home, '.aws/config'),
      certificate: join(lab.home, 'UserCertificate/pemcertificate.pem'),
      notAfter: lab.leaf.certificate.validToDate.toISOString(),
      again: expect.arrayContaining([
        'setup',
        'roles-anywhere',
        join(lab.home, 'client.pem'),
      ]) as unknown,
    })
  })
})

function authority(name: string): Record<string, unknown> {
  return {
    certificate: `${name}.pem`,
    key: `${name}.key`,
    notAfter: expect.stringMatching(/Z$/) as unknown,
    sha256Fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as unknown,
  }
}
