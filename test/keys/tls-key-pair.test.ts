import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readTlsKeyPair } from '../../src/keys/tls-key-pair.ts'
import { issue } from './test-certificates.ts'

const [own, other] = [issue(), issue()]

function written(certificate: string, key: string): { certificate: string; key: string } {
  const folder = mkdtempSync(join(tmpdir(), 'postern-pair-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  const files = { certificate: join(folder, 'certificate.pem'), key: join(folder, 'key.pem') }
  writeFileSync(files.certificate, certificate)
  writeFileSync(files.key, key)
  return files
}

test('a certificate with its key is a pair, also where both stand in one file', async () => {
  const { certificatePem, keyPem } = own
  expect(await readTlsKeyPair(written(certificatePem, keyPem))).toEqual({
    certificate: certificatePem,
    key: keyPem,
  })
  const both = certificatePem + keyPem
  expect(await readTlsKeyPair(written(both, both))).toEqual({ certificate: both, key: both })
})

test.each([
  ['no certificate', 'half a certifi', own.keyPem, 'certificate.pem holds no certificate'],
  ['no key', own.certificatePem, '', 'key.pem holds no private key'],
  ['another key', own.certificatePem, other.keyPem, 'key.pem is not the key of'],
])('with %s is none, and the file is named', async (_, certificate, key, says) => {
  await expect(readTlsKeyPair(written(certificate, key))).rejects.toThrow(says)
})
