import { verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { signerFrom } from '../../src/keys/key-material.ts'
import { having } from './matchers.ts'
import { issue, issuePath, keyPairs } from './test-certificates.ts'

const bytes = (...texts: string[]): Buffer => Buffer.from(texts.join(''))
const p12 = readFileSync(new URL('./fixtures/ec-aes.p12', import.meta.url))
const fault = (code: string): unknown => having({ code })
const { root, intermediate, leaf } = issuePath()

test.for([
  ['rsa2048', 'rsa', 'sha256'],
  ['rsa4096', 'rsa', 'sha512'],
  ['p256', 'ec', 'sha384'],
  ['p384', 'ec', 'sha256'],
  ['mlDsa44', 'ml-dsa', 'sha256'],
  ['mlDsa65', 'ml-dsa', 'sha256'],
  ['mlDsa87', 'ml-dsa', 'sha256'],
] as const)('signs with %s as the public key can tell', async ([kind, algorithm, digest]) => {
  const { certificatePem, keyPem, certificate } = issue({ keys: keyPairs[kind]() })
  const signer = await signerFrom({ certificate: bytes(certificatePem), privateKey: bytes(keyPem) })
  expect(signer.algorithm).toBe(algorithm)
  const message = Buffer.from('message')
  const signature = await signer.sign(message, digest)
  const under = algorithm === 'ml-dsa' ? null : digest
  expect(verify(under, message, certificate.publicKey, signature)).toBe(true)
  expect(verify(under, Buffer.from('other'), certificate.publicKey, signature)).toBe(false)
  await signer.close()
})

describe('the chain', () => {
  test('is what the certificate’s own file holds above it, without the root', async () => {
    const file = [leaf, intermediate, root].map(({ certificatePem }) => certificatePem)
    const signer = await signerFrom({ certificate: bytes(...file, leaf.keyPem) })
    expect(signer.certificate?.subject).toBe('CN=leaf')
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=intermediate'])
  })

  test('is the intermediates’ file as it is, where there is one', async () => {
    const signer = await signerFrom({
      certificate: bytes(leaf.certificatePem, leaf.keyPem),
      intermediates: bytes(root.certificatePem, intermediate.certificatePem),
    })
    expect(signer.chain.map(({ subject }) => subject)).toEqual(['CN=root', 'CN=intermediate'])
  })

  test('comes out of a PKCS#12 file', async () => {
    const signer = await signerFrom({ certificate: p12 }, () => 'open sesame')
    expect(signer.chain).toHaveLength(1)
  })
})

describe('refuses', () => {
  test('a key that is not the certificate’s', async () => {
    const material = { certificate: bytes(leaf.certificatePem), privateKey: bytes(issue().keyPem) }
    await expect(signerFrom(material)).rejects.toEqual(fault('key_mismatch'))
  })

  test('a certificate without a key', async () => {
    await expect(signerFrom({ certificate: bytes(leaf.certificatePem) })).rejects.toEqual(
      fault('no_private_key'),
    )
  })

  test('a PKCS#12 file with a key or intermediates beside it', async () => {
    const other = bytes(leaf.keyPem)
    await expect(signerFrom({ certificate: p12, privateKey: other })).rejects.toEqual(
      fault('bad_pkcs12'),
    )
    await expect(signerFrom({ certificate: p12, intermediates: other })).rejects.toEqual(
      fault('bad_pkcs12'),
    )
  })

  test('intermediates that are none', async () => {
    const material = {
      certificate: bytes(leaf.certificatePem, leaf.keyPem),
      intermediates: bytes('x'),
    }
    await expect(signerFrom(material)).rejects.toEqual(fault('bad_chain'))
  })
})
