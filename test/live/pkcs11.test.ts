import { execFileSync } from 'node:child_process'
import { verify } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { certificateUri } from '../../src/keys/pkcs11-certificates.ts'
import { listPkcs11Certificates, openPkcs11Signer } from '../../src/keys/pkcs11.ts'
import { issue, type Issued, issuePath, keyPairs } from '../keys/test-certificates.ts'

const module = [
  '/usr/lib/softhsm/libsofthsm2.so',
  '/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so',
  '/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so',
].find((path) => existsSync(path))
const proxy = ['/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  .map((folder) => join(folder, 'p11-kit-proxy.so'))
  .find((path) => existsSync(path))

// The package is undeclared, so it may have been installed elsewhere.
const from = createRequire(join(process.env['POSTERN_PKCS11JS'] ?? process.cwd(), 'package.json'))
const importModule = (name: string): Promise<unknown> => {
  const found: unknown = from(name)
  return Promise.resolve(found)
}

function has(check: () => unknown): boolean {
  try {
    check()
    return true
  } catch {
    return false
  }
}

const absent = [
  module ? [] : ['softhsm2'],
  existsSync('/usr/bin/pkcs11-tool') ? [] : ['opensc'],
  has(() => from.resolve('pkcs11js')) ? [] : ['the npm package pkcs11js'],
].flat()

const path = issuePath({ keys: keyPairs.p256() })
const pairs = {
  'rsa-2048': issue({ commonName: 'rsa', keys: keyPairs.rsa2048() }),
  'ec-p256': path.leaf,
  'ec-p384': issue({ commonName: 'p384', keys: keyPairs.p384() }),
  'rsa-always': issue({ commonName: 'rsa always', keys: keyPairs.rsa2048() }),
  'ec-always': issue({ commonName: 'ec always' }),
}

describe('SoftHSM', () => {
  const library = module ?? ''
  let folder = ''
  const before = process.env['SOFTHSM2_CONF']
  const run = (...[command, ...rest]: [string, ...string[]]): void => {
    execFileSync(command, rest, { stdio: 'pipe' })
  }
  const tool = (...rest: string[]): void => {
    run(
      'pkcs11-tool',
      '--module',
      library,
      '--token-label',
      'postern',
      '--login',
      '--pin',
      '1234',
      ...rest,
    )
  }

  function put(label: string, id: string, { certificate, privateKey }: Issued): void {
    const [key, der] = [join(folder, `${label}.key`), join(folder, `${label}.der`)]
    writeFileSync(key, privateKey.export({ type: 'pkcs8', format: 'der' }))
    writeFileSync(der, certificate.raw)
    const always = label.endsWith('always') ? ['--always-auth'] : []
    tool(
      '--write-object',
      key,
      '--type',
      'privkey',
      '--usage-sign',
      '--label',
      label,
      '--id',
      id,
      ...always,
    )
    tool('--write-object', der, '--type', 'cert', '--label', `${label} certificate`, '--id', id)
  }

  beforeAll(() => {
    if (absent.length > 0) return
    folder = mkdtempSync(join(tmpdir(), 'postern-softhsm-'))
    mkdirSync(join(folder, 'tokens'))
    writeFileSync(
      join(folder, 'conf'),
      `directories.tokendir = ${folder}/tokens\nlog.level = ERROR\n`,
    )
    process.env['SOFTHSM2_CONF'] = join(folder, 'conf')
    run(
      'softhsm2-util',
      '--init-token',
      '--free',
      '--label',
      'postern',
      '--pin',
      '1234',
      '--so-pin',
      '5678',
    )
    Object.entries(pairs).forEach(([label, issued], index) => {
      put(label, `0${index + 1}`, issued)
    })
    writeFileSync(join(folder, 'ca.der'), path.intermediate.certificate.raw)
    tool('--write-object', join(folder, 'ca.der'), '--type', 'cert', '--label', 'ca', '--id', '77')
  })

  afterAll(() => {
    if (before === undefined) delete process.env['SOFTHSM2_CONF']
    else process.env['SOFTHSM2_CONF'] = before
    if (folder !== '') rmSync(folder, { recursive: true })
  })

  const needs = `needs ${absent.join(' and ')}`
  const uri = (label: string): string =>
    `pkcs11:token=postern;object=${label}%20certificate?pin-value=1234`

  test.for(Object.entries(pairs))(
    'signs with %s, twice, with each digest',
    async ([label, issued], { skip }) => {
      if (absent.length > 0) skip(needs)
      const signer = await openPkcs11Signer({
        certificate: uri(label),
        library,
        importModule,
        reusePin: true,
      })
      expect(signer.certificate?.fingerprint256).toBe(issued.certificate.fingerprint256)
      const message = Buffer.from(`message for ${label}`)
      for (const digest of ['sha256', 'sha384', 'sha512', 'sha256'] as const) {
        const signature = await signer.sign(message, digest)
        expect(verify(digest, message, issued.certificate.publicKey, signature)).toBe(true)
      }
      await signer.close()
    },
  )

  test('sends along the intermediate that the token holds', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const signer = await openPkcs11Signer({ certificate: uri('ec-p256'), library, importModule })
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=intermediate'])
    await signer.close()
  })

  test('asks for the PIN of an always-authenticate key each time', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const asked: string[] = []
    const askPin = ({ purpose }: { purpose: string }): string => {
      asked.push(purpose)
      return '1234'
    }
    const certificate = 'pkcs11:token=postern;object=ec-always%20certificate'
    const signer = await openPkcs11Signer({ certificate, library, importModule, askPin })
    await signer.sign(Buffer.from('message'), 'sha256')
    expect(asked).toEqual(['login', 'signature', 'signature'])
    await signer.close()
  })

  test('refuses a wrong PIN once, in the token’s words', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const certificate = uri('rsa-2048').replace('1234', '9999')
    await expect(openPkcs11Signer({ certificate, library, importModule })).rejects.toMatchObject({
      code: 'wrong_pin',
      detail: 'pkcs11: 0xA0: CKR_PIN_INCORRECT',
    })
  })

  test('goes on signing after a wrong PIN for one signature', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const pins = ['1234', '9999', '1234']
    const signer = await openPkcs11Signer({
      certificate: uri('rsa-always'),
      library,
      importModule,
      askPin: () => pins.shift() ?? '',
    })
    await expect(signer.sign(Buffer.from('message'), 'sha256')).rejects.toMatchObject({
      code: 'wrong_pin',
    })
    await signer.sign(Buffer.from('message'), 'sha256')
    await signer.close()
  })

  test('signs for many at the same time, from two signers of one module', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const open = (label: 'rsa-2048' | 'ec-p384') =>
      openPkcs11Signer({ certificate: uri(label), library, importModule })
    const signers = { 'rsa-2048': await open('rsa-2048'), 'ec-p384': await open('ec-p384') }
    const message = Buffer.from('message')
    const checks = Array.from({ length: 40 }, async (_, index) => {
      const label = index % 2 ? 'rsa-2048' : 'ec-p384'
      const signature = await signers[label].sign(message, 'sha256')
      return verify('sha256', message, pairs[label].certificate.publicKey, signature)
    })
    expect(new Set(await Promise.all(checks))).toEqual(new Set([true]))
    await signers['rsa-2048'].close()
    await signers['ec-p384'].sign(message, 'sha256')
    await signers['ec-p384'].close()
  })

  test('lists its certificates, each with a URI that names it alone', async ({ skip }) => {
    if (absent.length > 0) skip(needs)
    const found = await listPkcs11Certificates('pkcs11:token=postern', { library, importModule })
    expect(found).toHaveLength(Object.keys(pairs).length + 1)
    for (const one of found) {
      const again = await listPkcs11Certificates(certificateUri(one), { library, importModule })
      expect(again.map(({ certificate }) => certificate.fingerprint256)).toEqual([
        one.certificate.fingerprint256,
      ])
    }
  })

  test('works through p11-kit’s proxy too', async ({ skip }) => {
    if (absent.length > 0 || !proxy) skip(absent.length > 0 ? needs : 'needs p11-kit')
    const signer = await openPkcs11Signer({
      certificate: uri('rsa-2048'),
      library: proxy,
      importModule,
    })
    const signature = await signer.sign(Buffer.from('message'), 'sha256')
    expect(
      verify('sha256', Buffer.from('message'), pairs['rsa-2048'].certificate.publicKey, signature),
    ).toBe(true)
    await signer.close()
  })
})
