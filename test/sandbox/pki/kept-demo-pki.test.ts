import { execFile } from 'node:child_process'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSecureContext } from 'node:tls'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { keptDemoPki, pkcs12Password } from '../../../sandbox/pki/kept-demo-pki.ts'
import { openCertificateSignIn } from '../../../src/identity/client-certificate/certificate-sign-in.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'

const now = new Date('2030-06-01T12:00:00Z')
const days = (count: number) => new Date(now.getTime() + count * 86_400_000)

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'pki-'))
  onTestFinished(async () => rm(path, { recursive: true }))
  return join(path, 'sandbox')
}

test('writes what a visitor needs, for its owner alone', async () => {
  const at = await folder()
  await keptDemoPki(at, now)
  const files = await readdir(at)
  expect(files.sort()).toEqual([
    'alice.p12',
    'alice.pem',
    'bob.pem',
    'ca.crl',
    'ca.key',
    'ca.pem',
    'expired.pem',
    'machine.pem',
    'revoked.pem',
    'server.pem',
  ])
  for (const file of files) expect((await stat(join(at, file))).mode & 0o777).toBe(0o600)
})

test('keeps the certificates at the next start, and makes a new revocation list', async () => {
  const at = await folder()
  const first = await keptDemoPki(at, now)
  const second = await keptDemoPki(at, days(20))
  expect(second.authority).toBe(first.authority)
  expect(second.certificates).toEqual(first.certificates)
  expect(second.revocationList).not.toBe(first.revocationList)
})

test('makes new ones when they are about to end, or damaged', async () => {
  const at = await folder()
  const first = await keptDemoPki(at, now)
  const second = await keptDemoPki(at, days(340))
  expect(second.authority).not.toBe(first.authority)
  await writeFile(join(at, 'bob.pem'), 'nonsense')
  const third = await keptDemoPki(at, days(340))
  expect(third.authority).not.toBe(second.authority)
  await rm(join(at, 'alice.p12'))
  expect((await keptDemoPki(at, days(340))).authority).not.toBe(third.authority)
})

test('each file holds a certificate and the key to it', async () => {
  const { certificates, authority } = await keptDemoPki(await folder(), now)
  expect(certificates.size).toBeGreaterThan(5)
  for (const { certificate, key } of certificates.values()) {
    const read = new X509Certificate(certificate)
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true)
    expect(read.checkIssued(new X509Certificate(authority))).toBe(true)
    expect(read.verify(new X509Certificate(authority).publicKey)).toBe(true)
  }
})

test('the PKCS#12 file opens with its password, and with no other', async () => {
  const at = await folder()
  await keptDemoPki(at, now)
  const pfx = await readFile(join(at, 'alice.p12'))
  expect(createSecureContext({ pfx, passphrase: pkcs12Password })).toBeTruthy()
  expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow('mac verify failure')
})

describe('Postern', () => {
  test.each([
    ['alice', { accepted: { name: 'alice@corp.example' } }],
    ['bob', { accepted: { name: 'bob@corp.example' } }],
    ['machine', { accepted: { name: 'spiffe://corp.example/machine/build' } }],
    ['expired', 'certificate_expired'],
    ['revoked', 'certificate_revoked'],
    ['server', 'certificate_usage'],
  ])('takes %s for what it is', async (name, expected) => {
    const at = await folder()
    const { certificates } = await keptDemoPki(at, now)
    const file = join(at, 'ca.crl')
    const signIn = await openCertificateSignIn({
      settings: {
        method: { id: 'certificate', label: 'Certificate', people: 'staff' },
        authorities: [
          {
            name: 'sandbox',
            files: [join(at, 'ca.pem')],
            sources: [
              { type: 'upn', domains: ['corp.example'] },
              { type: 'spiffe', trustDomain: 'corp.example' },
            ],
            groups: [],
          },
        ],
        revocation: {
          lists: [{ location: { file }, copy: undefined, refreshSeconds: 60, alarmSeconds: 60 }],
          responders: [],
          failPolicy: 'hard',
        },
      },
      lookUp: undefined,
      effects: heldEffects(now),
      logger: silentLogger,
    })
    const leaf = new X509Certificate(certificates.get(name)?.certificate ?? '').raw
    const verdict = await refusalOf(async () => signIn.verify({ leaf, intermediates: [] }))
    if (typeof expected === 'string') expect(verdict).toBe(expected)
    else expect(verdict).toMatchObject(expected)
  })
})

test('openssl reads the PKCS#12 file and the revocation list', async ({ skip }) => {
  const at = await folder()
  await keptDemoPki(at, new Date())
  const openssl = promisify(execFile)
  const run = async (...args: string[]) =>
    openssl('openssl', args, { cwd: at }).catch((error: unknown) => {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
      throw error
    })
  const read = await run(
    'pkcs12',
    '-in',
    'alice.p12',
    '-passin',
    `pass:${pkcs12Password}`,
    '-nodes',
  )
  if (!read) return skip('openssl is not installed; install openssl')
  expect(read.stdout).toContain('friendlyName: alice (Postern sandbox)')
  const verify = async (name: string) =>
    run(
      'verify',
      '-crl_check',
      '-CAfile',
      'ca.pem',
      '-CRLfile',
      'ca.crl',
      '-purpose',
      'sslclient',
      `${name}.pem`,
    )
  expect((await verify('alice'))?.stdout).toContain('OK')
  await expect(verify('revoked')).rejects.toThrow(/certificate revoked/)
  await expect(verify('expired')).rejects.toThrow(/has expired/)
})
