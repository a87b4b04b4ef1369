import * as asn1 from 'asn1js'
import { type KeyObject, verify } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { openTpmSigner, type TpmOptions } from '../../../src/keys/tpm/open-tpm-signer.ts'
import { sized, TpmReader, uint } from '../../../src/keys/tpm/tpm-bytes.ts'
import { readTpmPublic } from '../../../src/keys/tpm/tpm-public.ts'
import { issue, keyPairs } from '../test-certificates.ts'
import { FakeTpm } from './fake-tpm.ts'

const handle = 'handle:0x81000101'
const persistent = [0x81000101, 0x81000001]
const messages = Array.from({ length: 40 }, (_, index) => Buffer.from(`message ${index}`))
const ec = issue({ commonName: 'ec' })

function options(device: string, password = ''): TpmOptions {
  return { device, parentPassword: '', password: () => password }
}

async function fake(
  key: KeyObject,
  more: { password?: string; parentPassword?: string } = {},
): Promise<FakeTpm> {
  return new FakeTpm(key, { messages, persistent, ...more }).listen()
}

/** A TSS2 key file; `more` are its tagged fields. */
function tss2(
  parent: number,
  type = '2.23.133.10.1.3',
  more: readonly asn1.BaseBlock[] = [],
): Buffer {
  const octets = new asn1.OctetString({ valueHex: new Uint8Array(sized(Buffer.alloc(8))) })
  const value = [
    new asn1.ObjectIdentifier({ value: type }),
    ...more,
    asn1.Integer.fromBigInt(parent),
    octets,
    octets,
  ]
  const der = Buffer.from(new asn1.Sequence({ value }).toBER())
  const label = 'TSS2 PRIVATE KEY'
  return Buffer.from(
    `-----BEGIN ${label}-----\n${der.toString('base64')}\n-----END ${label}-----\n`,
  )
}

function tagged(tagNumber: number, inner: asn1.BaseBlock): asn1.Constructed {
  return new asn1.Constructed({ idBlock: { tagClass: 3, tagNumber }, value: [inner] })
}

const noPassword = tagged(0, new asn1.Boolean({ value: true }))

describe('a key in a TPM', () => {
  test.for([
    ['rsa', keyPairs.rsa2048()],
    ['ec', keyPairs.p256()],
  ] as const)(
    'signs by its handle, whatever zeros the TPM leaves out: %s',
    async ([algorithm, keys]) => {
      using tpm = await fake(keys.privateKey)
      const leaf = issue({ keys })
      const material = { key: handle, certificate: Buffer.from(leaf.certificatePem) }
      const signer = await openTpmSigner(material, options(tpm.path))
      expect([signer.algorithm, signer.certificate?.fingerprint256]).toEqual([
        algorithm,
        leaf.certificate.fingerprint256,
      ])
      const digests = ['sha256', 'sha384', 'sha512'] as const
      // At once: a TPM takes one command after the other.
      await Promise.all(
        messages.map(async (message, index) => {
          const digest = digests[index % 3] ?? 'sha256'
          const signature = await signer.sign(message, digest)
          expect(verify(digest, message, keys.publicKey, signature)).toBe(true)
        }),
      )
    },
  )

  test.for([0x40000001, 0x81000001])(
    'is loaded from its file under %i for each signature, and flushed again',
    async (parent) => {
      using tpm = await fake(ec.privateKey, { password: 'secret' })
      const asked: unknown[] = []
      const signer = await openTpmSigner(
        { key: tss2(parent) },
        {
          ...options(tpm.path),
          password: (needsOne) => {
            asked.push(needsOne)
            return 'secret'
          },
        },
      )
      for (const message of messages.slice(0, 5)) {
        const signature = await signer.sign(message, 'sha256')
        expect(verify('sha256', message, ec.certificate.publicKey, signature)).toBe(true)
      }
      expect([asked, [...tpm.loaded]]).toEqual([[true], []])
    },
  )

  test.for([0x40000001, 0x81000001])(
    'needs the password of its parent %i, where that has one',
    async (parent) => {
      using tpm = await fake(ec.privateKey, { parentPassword: 'owner' })
      const key = tss2(parent)
      const right = { ...options(tpm.path), parentPassword: 'owner' }
      const signer = await openTpmSigner({ key }, right)
      const message = messages[0] ?? Buffer.alloc(0)
      expect(
        verify('sha256', message, ec.certificate.publicKey, await signer.sign(message, 'sha256')),
      ).toBe(true)
      await expect(openTpmSigner({ key }, options(tpm.path))).rejects.toMatchObject({
        code: 'wrong_pin',
      })
      expect([...tpm.loaded]).toEqual([])
    },
  )

  test('says whether it needs a password, as far as it knows', async () => {
    using tpm = await fake(ec.privateKey)
    const asked: unknown[] = []
    const password = (needsOne: boolean | undefined): string => {
      asked.push(needsOne)
      return ''
    }
    await openTpmSigner(
      { key: tss2(0x40000001, undefined, [noPassword]) },
      { ...options(tpm.path), password },
    )
    await openTpmSigner({ key: handle }, { ...options(tpm.path), password })
    expect(asked).toEqual([false, undefined])
  })

  test('is asked again while the TPM is busy, and flushed after a wrong password', async () => {
    using tpm = await fake(ec.privateKey, { password: 'secret' })
    tpm.refusals = [0x922, 0x908, 0x922]
    const signer = await openTpmSigner({ key: tss2(0x40000001) }, options(tpm.path, 'wrong'))
    await expect(signer.sign(messages[0] ?? Buffer.alloc(0), 'sha256')).rejects.toMatchObject({
      code: 'wrong_pin',
    })
    expect([...tpm.loaded]).toEqual([])
  })

  test.for([
    ['the key of another', 'key_mismatch', 0],
    ['a handle without a key', 'no_match', 0x18b],
    ['a TPM in lockout', 'wrong_pin', 0x921],
    ['a TPM that has failed', 'tpm_key', 0x101],
  ] as const)('is refused: %s', async ([, code, refusal]) => {
    using tpm = await fake(ec.privateKey)
    tpm.refusals = [...(refusal ? [refusal] : [])]
    const certificate = Buffer.from(issue({ keys: keyPairs.p384() }).certificatePem)
    const opening = openTpmSigner({ key: handle, certificate }, options(tpm.path))
    await expect(opening).rejects.toMatchObject({ code })
  })

  test.for([
    Buffer.alloc(0),
    Buffer.from('8001'),
    Buffer.from('80010000000a00000000', 'hex'),
    Buffer.from('8001ffffffff00000000', 'hex'),
    Buffer.from('80010000000c00000000ffff', 'hex'),
  ])('is refused when the TPM answers %j', async (garbage) => {
    using tpm = await fake(ec.privateKey)
    tpm.garbage = garbage
    await expect(openTpmSigner({ key: handle }, options(tpm.path))).rejects.toMatchObject({
      code: 'tpm_key',
    })
  })

  test.for([
    ['handle:xyz', 'bad_uri'],
    [Buffer.from('-----BEGIN X-----\nAAAA\n-----END X-----\n'), 'no_private_key'],
    [tss2(1, '2.23.133.10.1.4'), 'unsupported_key'],
    [tss2(1, '2.23.133.10.1.5'), 'unsupported_key'],
    [tss2(1, undefined, [tagged(1, new asn1.Null())]), 'unsupported_key'],
    [
      Buffer.from('-----BEGIN TSS2 PRIVATE KEY-----\nAAAA\n-----END TSS2 PRIVATE KEY-----'),
      'bad_private_key',
    ],
  ] as const)('is not looked for: %j', async ([key, code]) => {
    await expect(openTpmSigner({ key }, options('/nowhere'))).rejects.toMatchObject({ code })
  })

  test('is missed with a word about the device', async () => {
    await expect(openTpmSigner({ key: handle }, options('/nowhere'))).rejects.toThrow(
      "The TPM can't be reached",
    )
  })
})

test('a storage key, and one that may not sign, are no signers', () => {
  const head = (attributes: number): Buffer =>
    Buffer.concat([
      uint(0x23, 2),
      uint(0x0b, 2),
      uint(attributes, 4),
      sized(Buffer.alloc(0)),
      uint(6, 2),
    ])
  expect(() => readTpmPublic(head(0x30472))).toThrow('not made for signing')
  expect(() => readTpmPublic(head(0x40072))).toThrow('storage key')
  expect(() => readTpmPublic(head(0x40072).subarray(0, 9))).toThrow('ends too early')
  expect(() => new TpmReader(Buffer.from([0, 9, 1])).sized()).toThrow('ends too early')
})
