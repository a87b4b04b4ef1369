import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  issuersOf,
  readCertificates,
  readIntermediates,
  serialDecimal,
  validityAt,
} from '../../src/keys/certificate.ts'
import { containing, having } from './matchers.ts'
import { issue, issuePath, keyCertSign } from './test-certificates.ts'

const vector = (name: string): Buffer =>
  readFileSync(new URL(`../vectors/rolesanywhere/${name}`, import.meta.url))

test.for([
  ['rsa-cert.pem', '41796794418840706582093025104159514797'],
  ['ec-cert.pem', '17375808098319191535'],
] as const)('writes the serial number of %s in decimal', ([file, decimal]) => {
  expect(serialDecimal(readCertificates(vector(file))[0])).toBe(decimal)
})

test('keeps a serial number exact whatever its size', () => {
  const serial = 2n ** 158n + 1n
  expect(serialDecimal(issue({ serial }).certificate)).toBe(serial.toString())
})

describe('reading', () => {
  test('takes DER, and every certificate of a bundle in order', () => {
    const { root, intermediate, leaf } = issuePath()
    const bundle = [leaf, intermediate, root]
      .map(({ certificatePem }) => certificatePem)
      .join('words\n')
    const names = readCertificates(Buffer.from(bundle + leaf.keyPem)).map(({ subject }) => subject)
    expect(names).toEqual(['CN=leaf', 'CN=intermediate', 'CN=root'])
    expect(readCertificates(leaf.certificate.raw)[0].subject).toBe('CN=leaf')
  })

  test.for([
    ['a key', issue().keyPem, 'no_certificate'],
    ['garbage', 'garbage', 'bad_certificate'],
    ['nothing', '', 'bad_certificate'],
    [
      'a damaged certificate',
      '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----',
      'bad_certificate',
    ],
    ['too many certificates', issue().certificatePem.repeat(65), 'bad_certificate'],
  ] as const)('refuses %s', ([, text, code]) => {
    expect(() => readCertificates(Buffer.from(text))).toThrow(having({ code }))
  })

  test('refuses intermediates with a private key among them', () => {
    const { certificatePem, keyPem } = issue()
    expect(readIntermediates(Buffer.from(certificatePem))).toHaveLength(1)
    expect(() => readIntermediates(Buffer.from(certificatePem + keyPem))).toThrow(
      having({
        code: 'bad_chain',
        message: containing('PRIVATE KEY'),
      }),
    )
    expect(() => readIntermediates(Buffer.from('x'))).toThrow(having({ code: 'bad_chain' }))
  })
})

describe('the way upwards', () => {
  const { root, intermediate, leaf } = issuePath()

  test('leads from the leaf to below the root, whatever the order, without strangers', () => {
    const stranger = issue({ commonName: 'stranger' })
    const atHand = [stranger, root, intermediate, leaf].map(({ certificate }) => certificate)
    const names = issuersOf(leaf.certificate, atHand).map(({ subject }) => subject)
    expect(names).toEqual(['CN=intermediate'])
  })

  test('does not believe a certificate that has the issuer’s name and another key', () => {
    const impostor = issue({
      commonName: 'intermediate',
      authority: true,
      keyUsage: keyCertSign,
      issuer: root,
    })
    expect(issuersOf(leaf.certificate, [impostor.certificate])).toEqual([])
  })

  test('ends where two authorities certify each other', () => {
    const a = issue({ commonName: 'a', authority: true, keyUsage: keyCertSign })
    const b = issue({ commonName: 'b', authority: true, keyUsage: keyCertSign, issuer: a })
    const aByB = issue({
      commonName: 'a',
      authority: true,
      keyUsage: keyCertSign,
      issuer: b,
      keys: { privateKey: a.privateKey, publicKey: a.certificate.publicKey },
    })
    const below = issue({ issuer: b })
    expect(issuersOf(below.certificate, [aByB.certificate, b.certificate])).toHaveLength(2)
  })
})

test('counts the first and the last second as valid', () => {
  const { certificate } = issue({
    from: new Date('2026-05-01T10:00:00Z'),
    to: new Date('2026-05-01T11:00:00Z'),
  })
  const at = (time: string): string => validityAt(certificate, new Date(`2026-05-01T${time}Z`))
  expect(at('09:59:59.999')).toBe('not-yet')
  expect(at('10:00:00')).toBe('valid')
  expect(at('11:00:00.999')).toBe('valid')
  expect(at('11:00:01')).toBe('expired')
})
