import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { issue } from '../keys/test-certificates.ts'
import { base, faultLines, load } from './configuration.ts'

const own = issue()
const other = issue()

const withTls = {
  ...base,
  listen: { port: 1, tls: { certificate: '${file:cert}', key: '${file:key}' } },
}
const tls = (cert: string, key: string) => ({ files: { cert, key } })

describe('a TLS pair', () => {
  test('is taken when certificate and key belong together, whatever chain follows', () => {
    const chain = own.certificatePem + other.certificatePem
    const { listen } = load(withTls, tls(chain, own.keyPem))
    expect(listen.tls?.certificate).toBe(chain.trimEnd())
    expect(listen.tls?.key.reveal()).toBe(own.keyPem.trimEnd())
  })

  test.each([
    [
      'of another certificate',
      own.certificatePem,
      other.keyPem,
      'key',
      'the private key of the first certificate',
    ],
    ['that is none', own.certificatePem, 'x', 'key', 'a private key in PEM without a passphrase'],
    [
      'that is public',
      own.certificatePem,
      own.certificatePem,
      'key',
      'a private key in PEM without a passphrase',
    ],
    ['to no certificate', 'x', own.keyPem, 'certificate', 'a certificate in PEM'],
  ])('is refused with a key %s', (_, certificate, key, part, expected) => {
    const [line, ...others] = faultLines(withTls, tls(certificate, key))
    expect(line).toMatch(new RegExp(`^listen\\.tls\\.${part} \\(line \\d+\\): found \\$\\{file:`))
    expect(line).toContain(`expected ${expected}`)
    expect(others).toEqual([])
  })

  test('is refused with an encrypted key', () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const encrypted = privateKey.export({
      type: 'pkcs8',
      format: 'pem',
      cipher: 'aes-256-cbc',
      passphrase: 'hunter2',
    })
    const [line] = faultLines(withTls, tls(own.certificatePem, String(encrypted)))
    expect(line).toContain('without a passphrase')
  })
})

test('an extra authority is taken as it stands', () => {
  const { network } = load({ ...base, network: { ca: own.certificatePem } })
  expect(network.extraCa).toBe(own.certificatePem)
})
