import { verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { looksLikePkcs12 } from '../../src/keys/looks-like-pkcs12.ts'
import { openPkcs12 } from '../../src/keys/pkcs12.ts'
import { having } from './matchers.ts'
import { issue } from './test-certificates.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
const sesame = (): string => 'open sesame'

describe('opens', () => {
  test.for([
    ['rsa-aes.p12', 'rsa', sesame],
    ['ec-aes.p12', 'ec', sesame],
    ['rsa-3des.p12', 'rsa', sesame],
    ['ec-3des-umlaut.p12', 'ec', (): string => 'grün 日本'],
    ['rsa-aes-empty.p12', 'rsa', undefined],
    ['ec-3des-empty.p12', 'ec', undefined],
    ['ec-unencrypted.p12', 'ec', sesame],
  ] as const)('%s', async ([name, algorithm, ask]) => {
    const bytes = fixture(name)
    expect(looksLikePkcs12(bytes)).toBe(true)
    const signer = await openPkcs12(bytes, ask)
    expect(signer.algorithm).toBe(algorithm)
    expect(signer.certificate?.subject).toBe(`CN=${algorithm} leaf`)
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=Intermediate'])
    const message = Buffer.from('message')
    const signature = await signer.sign(message, 'sha256')
    expect(signer.publicKey && verify('sha256', message, signer.publicKey, signature)).toBe(true)
  })
})

describe('refuses', () => {
  test.for([
    ['ec-aes.p12', undefined, 'passphrase_required'],
    ['ec-aes.p12', (): string => 'swordfish', 'wrong_passphrase'],
    ['ec-3des-umlaut.p12', (): string => 'grun', 'wrong_passphrase'],
    ['ec-rc2.p12', sesame, 'unsupported_encryption'],
    ['certificate-only.p12', sesame, 'no_private_key'],
    ['key-only.p12', sesame, 'no_certificate'],
  ] as const)('%s with %s as %s', async ([name, ask, code]) => {
    await expect(openPkcs12(fixture(name), ask)).rejects.toEqual(having({ code }))
  })

  test('a file that has been tampered with', async () => {
    const bytes = Buffer.from(fixture('ec-unencrypted.p12'))
    const at = bytes.indexOf('ec leaf')
    expect(at).toBeGreaterThan(0)
    bytes.write('xx', at)
    await expect(openPkcs12(bytes, sesame)).rejects.toEqual(having({ code: 'wrong_passphrase' }))
  })

  test('every truncation, with an error of its own kind', async () => {
    const bytes = fixture('ec-aes.p12')
    for (let length = 0; length < bytes.length; length += 97) {
      await expect(openPkcs12(bytes.subarray(0, length), sesame)).rejects.toEqual(
        having({ name: 'KeyFault' }),
      )
    }
  })
})

test('does not take a certificate or a key for PKCS#12', () => {
  const { certificate, privateKey } = issue()
  expect(looksLikePkcs12(certificate.raw)).toBe(false)
  expect(looksLikePkcs12(privateKey.export({ type: 'pkcs8', format: 'der' }))).toBe(false)
  expect(looksLikePkcs12(Buffer.alloc(0))).toBe(false)
})
