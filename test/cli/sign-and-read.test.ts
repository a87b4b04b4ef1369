import { execFileSync } from 'node:child_process'
import { createHash, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { nameText } from '../../src/cli/certificate-text.ts'
import { X509Certificate } from 'node:crypto'
import { issue, keyPairs } from '../keys/test-certificates.ts'
import { cliLab } from './cli-lab.ts'

describe('sign-string', () => {
  test.for(['rsa2048', 'p256', 'mlDsa44'] as const)(
    'signs with %s what the AWS helper signs',
    async (kind) => {
      const lab = await cliLab(issue({ keys: keyPairs[kind](), serial: 77n }))
      const keys = [
        '--certificate',
        join(lab.home, 'client.pem'),
        '--private-key',
        join(lab.home, 'client.key'),
      ]
      const { publicKey } = lab.leaf.certificate
      const point = (): Buffer => {
        const spki = publicKey.export({ type: 'spki', format: 'der' })
        return spki.subarray(spki.length - 65)
      }
      const encoded =
        kind === 'rsa2048'
          ? publicKey.export({ type: 'pkcs1', format: 'der' })
          : kind === 'p256'
            ? point()
            : undefined
      const text = 'AWS Roles Anywhere Credential Helper Signing Test'
      const message = encoded
        ? Buffer.concat([
            Buffer.from(`${text}1`),
            createHash('sha256')
              .update(Buffer.concat([Buffer.from('IAM RA'), encoded]))
              .digest(),
          ])
        : Buffer.from(text)
      for (const digest of ['SHA256', 'SHA384', 'SHA512']) {
        const { code, stdout } = await lab.run([
          'sign-string',
          ...keys,
          '--digest',
          digest,
          '--format',
          'text',
        ])
        expect([code, /^[0-9a-f]+$/.test(stdout)]).toEqual([0, true])
        const algorithm = kind === 'mlDsa44' ? null : digest.toLowerCase()
        expect(verify(algorithm, message, publicKey, Buffer.from(stdout, 'hex'))).toBe(true)
      }
    },
  )

  test('prints JSON unless told otherwise, and raw bytes for bin', async () => {
    const lab = await cliLab(issue({ keys: keyPairs.rsa2048() }))
    const keys = [
      '--certificate',
      join(lab.home, 'client.pem'),
      '--private-key',
      join(lab.home, 'client.key'),
    ]
    const { stdout } = await lab.run(['sign-string', ...keys])
    expect(stdout).toMatch(/^"[0-9a-f]{512}"$/)
    const raw = join(lab.home, 'raw')
    const main = new URL('../../src/cli/main.ts', import.meta.url).pathname
    execFileSync(
      'sh',
      [
        '-c',
        'exec "$0" "$@" > raw',
        process.execPath,
        main,
        'sign-string',
        ...keys,
        '--format',
        'bin',
      ],
      {
        cwd: lab.home,
      },
    )
    expect(readFileSync(raw).toString('hex')).toBe(JSON.parse(stdout))
  })

  test('refuses another digest or format, with the usage', async () => {
    const lab = await cliLab()
    for (const more of [
      ['--digest', 'sha256'],
      ['--format', 'xml'],
    ]) {
      const { code, stderr } = await lab.run(['sign-string', ...more])
      expect(code).toBe(1)
      expect(stderr).toMatch(
        /^Error: invalid argument[\s\S]*Usage:[\s\S]*\n\d{4}\/\d\d\/\d\d [\d:]+ invalid argument/,
      )
    }
  })

  test('needs the certificate of a key in a file', async () => {
    const lab = await cliLab()
    const { code, stderr } = await lab.run([
      'sign-string',
      '--private-key',
      join(lab.home, 'client.key'),
    ])
    expect([code, stderr]).toEqual([1, expect.stringContaining('undefined certificate value')])
  })
})

describe('read-certificate-data', () => {
  test.for([
    ['rsa2048', 'RSA', ['RSASHA256', 'RSASHA384', 'RSASHA512']],
    ['p384', 'EC', ['ECSHA256', 'ECSHA384', 'ECSHA512']],
    ['mlDsa65', 'ML-DSA-65', ['ML-DSA-65']],
  ] as const)(
    'prints what a certificate with %s is',
    async ([kind, keyType, supportedAlgorithms]) => {
      const lab = await cliLab(issue({ keys: keyPairs[kind](), serial: 0xf123456789abcdefn }))
      const { code, stdout } = await lab.run([
        'read-certificate-data',
        '--certificate',
        join(lab.home, 'client.pem'),
      ])
      expect(code).toBe(0)
      expect(stdout).toBe(
        JSON.stringify({
          keyType,
          certificateData: lab.leaf.certificate.raw.toString('base64'),
          serialNumber: '17375808098319191535',
          supportedAlgorithms,
        }),
      )
    },
  )

  test('says what is no certificate', async () => {
    const lab = await cliLab()
    const { code, stderr } = await lab.run([
      'read-certificate-data',
      '--certificate',
      join(lab.home, 'client.key'),
    ])
    expect([code, stderr]).toEqual([1, expect.stringContaining('could not parse PEM data')])
  })
})

test('names are written in the order and with the escapes of the AWS helper', async () => {
  const lab = await cliLab()
  const subject =
    '/C=DE/O=Acme, Inc./OU=Security/OU=Engineering/CN=a\\+b/serialNumber=12/street=Weg 1/postalCode=80331'
  const out = join(lab.home, 'openssl.pem')
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-subj',
      subject,
      '-out',
      out,
    ],
    { stdio: 'pipe' },
  )
  const certificate = new X509Certificate(readFileSync(out))
  expect(nameText(certificate.subject)).toBe(
    'SERIALNUMBER=12,CN=a\\+b,POSTALCODE=80331,STREET=Weg 1,OU=Security+OU=Engineering,O=Acme\\, Inc.,C=DE',
  )
  execFileSync(
    'openssl',
    [
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:P-256',
      '-nodes',
      '-keyout',
      '/dev/null',
      '-multivalue-rdn',
      '-subj',
      '/CN=x+OU=y/O=é',
      '-utf8',
      '-out',
      out,
    ],
    { stdio: 'pipe' },
  )
  expect(nameText(new X509Certificate(readFileSync(out)).subject)).toBe('CN=x,OU=y,O=é')
})
