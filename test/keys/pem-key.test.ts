import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { holdsPrivateKey, readPrivateKey } from '../../src/keys/pem-key.ts'
import { having, matching } from './matchers.ts'
import { issue, keyPairs } from './test-certificates.ts'

const fixture = (name: string): Buffer =>
  readFileSync(new URL(`./fixtures/${name}`, import.meta.url))
const passphrase = 'open sesame'
const fault = (code: string, message = /./): unknown => having({ code, message: matching(message) })

describe('reads', () => {
  test('PKCS#1', async () => {
    const key = await readPrivateKey(fixture('rsa-pkcs1.pem'))
    expect(key.asymmetricKeyType).toBe('rsa')
  })

  test('SEC 1 behind its EC PARAMETERS', async () => {
    const key = await readPrivateKey(fixture('ec-sec1-with-parameters.pem'))
    expect(key.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' })
  })

  test.for(Object.entries(keyPairs))('PKCS#8 of %s', async ([, make]) => {
    const { privateKey } = make()
    const read = await readPrivateKey(
      Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' })),
    )
    expect(read.equals(privateKey)).toBe(true)
  })

  test.for(['pkcs8', 'pkcs1'] as const)('DER of the form %s', async (type) => {
    const { privateKey } = keyPairs.rsa2048()
    const read = await readPrivateKey(privateKey.export({ type, format: 'der' }))
    expect(read.equals(privateKey)).toBe(true)
  })

  test.for([
    'ec-aes128-sha1.pem',
    'ec-aes192-sha384.pem',
    'ec-aes256-sha512.pem',
    'ec-aes256-scrypt.pem',
  ])('encrypted PKCS#8: %s', async (name) => {
    const plain = createPrivateKey(fixture('ec-sec1-with-parameters.pem'))
    const read = await readPrivateKey(fixture(name), () => Promise.resolve(passphrase))
    expect(read.equals(plain)).toBe(true)
  })

  test('a key among prose and certificates', async () => {
    const { certificatePem, keyPem, privateKey } = issue()
    const text = `Bag Attributes\n  name: x\n${certificatePem}some words: here\n${keyPem}\nend`
    expect((await readPrivateKey(Buffer.from(text))).equals(privateKey)).toBe(true)
    expect(holdsPrivateKey(Buffer.from(certificatePem))).toBe(false)
    expect(holdsPrivateKey(Buffer.from(text))).toBe(true)
  })

  test('files glued together without a line end, with CRLF, a BOM or UTF-16', async () => {
    const { certificatePem, keyPem, privateKey } = issue()
    const glued = certificatePem.trimEnd() + keyPem
    const forms = [
      Buffer.from(glued),
      Buffer.from(glued.replaceAll('\n', '\r\n')),
      Buffer.from(`\ufeff${keyPem}`),
      Buffer.from(`\ufeff${keyPem}`, 'utf16le'),
    ]
    for (const form of forms) expect((await readPrivateKey(form)).equals(privateKey)).toBe(true)
  })
})

describe('refuses', () => {
  test('an encrypted key without a passphrase', async () => {
    await expect(readPrivateKey(fixture('ec-aes256-sha512.pem'))).rejects.toEqual(
      fault('passphrase_required'),
    )
  })

  test('a wrong passphrase, which does not show up in the error', async () => {
    const reading = readPrivateKey(fixture('ec-aes256-sha512.pem'), () => 'swordfish')
    await expect(reading).rejects.toEqual(fault('wrong_passphrase', /^(?!.*swordfish)/))
  })

  test.for(['ec-3des.pem', 'ec-pbe-sha1-3des.pem', 'rsa-traditional-encrypted.pem'])(
    'weak encryption, without asking for the passphrase: %s',
    async (name) => {
      const reading = readPrivateKey(fixture(name), () => {
        throw new Error('was asked')
      })
      await expect(reading).rejects.toEqual(fault('unsupported_encryption', /openssl pkcs8 -topk8/))
    },
  )

  test('a key of a kind that nothing here signs with', async () => {
    await expect(readPrivateKey(fixture('ed25519.pem'))).rejects.toEqual(
      fault('unsupported_key', /ed25519/),
    )
  })

  test('a TPM key, naming it', async () => {
    const text = '-----BEGIN TSS2 PRIVATE KEY-----\nAAAA\n-----END TSS2 PRIVATE KEY-----\n'
    await expect(readPrivateKey(Buffer.from(text))).rejects.toEqual(fault('tpm_key'))
  })

  test('an OpenSSH key, naming its form', async () => {
    const text = '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n'
    await expect(readPrivateKey(Buffer.from(text))).rejects.toEqual(
      fault('unsupported_key', /OPENSSH/),
    )
  })

  test('a certificate alone', async () => {
    const reading = readPrivateKey(Buffer.from(issue().certificatePem))
    await expect(reading).rejects.toEqual(fault('no_private_key'))
  })

  test.for([
    ['no end', '-----BEGIN PRIVATE KEY-----\nAAAA\n', 'bad_pem'],
    [
      'another end',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n',
      'bad_pem',
    ],
    ['no base64', '-----BEGIN PRIVATE KEY-----\nA!AA\n-----END PRIVATE KEY-----\n', 'bad_pem'],
    ['nothing in it', '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n', 'bad_pem'],
    [
      'no key in it',
      '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
      'bad_private_key',
    ],
    ['no PEM at all', 'hello', 'bad_private_key'],
    ['nothing', '', 'bad_private_key'],
  ] as const)('a text with %s', async ([, text, code]) => {
    await expect(readPrivateKey(Buffer.from(text))).rejects.toEqual(fault(code))
  })

  test('a megabyte of beginnings, in no time', async () => {
    const text = '-----BEGIN PRIVATE KEY-----\n'.repeat(40_000)
    await expect(readPrivateKey(Buffer.from(text))).rejects.toEqual(fault('bad_pem'))
  })
})
