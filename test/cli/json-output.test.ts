import { describe, expect, test } from 'vitest'
import { join } from 'node:path'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { type CliLab, cliLab, parsed } from './cli-lab.ts'

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
})
