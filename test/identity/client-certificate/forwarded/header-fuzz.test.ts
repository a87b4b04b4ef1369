import fc from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { CertificateRefusal } from '../../../../src/identity/client-certificate/certificate-refusal.ts'
import { certificateHeaders } from '../../../../src/identity/client-certificate/forwarded/certificate-headers.ts'
import {
  type HeaderFormat,
  headerNames,
  readFormat,
  usualHeaderFormats,
} from '../../../../src/identity/client-certificate/forwarded/header-format.ts'
import { readXfcc } from '../../../../src/identity/client-certificate/forwarded/xfcc.ts'
import type { PresentedCertificate } from '../../../../src/identity/client-certificate/trusted-authorities.ts'

const runs = { numRuns: 400, seed: 20_301_106 }
// Not a certificate: what is inside, other checks look at.
const payload = Buffer.from('3003020101'.repeat(30), 'hex')
const pem = (bytes: Buffer) =>
  `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64').replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`.replaceAll(
    '\n\n',
    '\n',
  )
const escaped = encodeURIComponent(pem(payload))
const hash = createHash('sha256').update(payload).digest('hex')

const genuine: Readonly<Record<HeaderFormat['format'], readonly string[]>> = {
  nginx: [escaped, 'SUCCESS'],
  haproxy: [payload.toString('base64'), '1', '0'],
  envoy: [`By=a;Hash=${hash};Cert="${escaped}";Subject="CN=a\\, b"`],
  'alb-verify': [escaped],
  'alb-passthrough': [escaped],
  rfc9440: [`:${payload.toString('base64')}:`, ''],
}

function read(format: HeaderFormat, values: readonly string[]): PresentedCertificate | undefined {
  const raw = headerNames(format).flatMap((name, index) => [name, values[index] ?? ''])
  try {
    return readFormat(format, certificateHeaders(raw, headerNames(format)))
  } catch (error) {
    if (error instanceof CertificateRefusal) return undefined
    throw error
  }
}

/** Values near the genuine ones: something put in, taken out or doubled. */
const bent = (values: readonly string[]) =>
  fc
    .tuple(
      fc.nat(values.length - 1),
      fc.nat(),
      fc.nat(8),
      fc.string({ maxLength: 8, unit: 'binary-ascii' }),
    )
    .map(([which, where, cut, put]) =>
      values.map((value, index) => {
        if (index !== which) return value
        const at = where % (value.length + 1)
        return value.slice(0, at) + put + value.slice(at + cut)
      }),
    )

describe.each(Object.values(usualHeaderFormats))('$format', (format) => {
  const values = genuine[format.format]

  test('reads the genuine headers', () => {
    expect(read(format, values)?.leaf).toEqual(payload)
  })

  test('reads or refuses what is near them, and never anything but bytes', () => {
    fc.assert(
      fc.property(bent(values), (near) => {
        const found = read(format, near)
        if (found) expect(Buffer.isBuffer(found.leaf)).toBe(true)
      }),
      runs,
    )
  })

  test('reads or refuses anything', () => {
    const anything = fc.string({ maxLength: 400, unit: 'binary' })
    fc.assert(
      fc.property(fc.array(anything, { minLength: 3, maxLength: 3 }), (near) => {
        expect(read(format, near)?.leaf).toBeUndefined()
      }),
      runs,
    )
  })

  test('answers long nonsense at once', () => {
    for (const piece of [
      '"',
      '\\',
      ';=',
      ',',
      '%41',
      '-----BEGIN CERTIFICATE-----\n',
      'A\n',
      ':',
      'A',
    ]) {
      const long = piece.repeat(Math.floor(16_384 / piece.length))
      const started = performance.now()
      read(
        format,
        values.map(() => long),
      )
      expect(performance.now() - started).toBeLessThan(200)
    }
  })
})

test('reads back every value that is quoted as Envoy quotes it', () => {
  const value = fc.string({ maxLength: 60, unit: 'grapheme-ascii' })
  fc.assert(
    fc.property(value, value, (one, two) => {
      const quote = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`
      const [element, ...others] = readXfcc(`Subject=${quote(one)};DNS=${quote(two)}`)
      expect(others).toEqual([])
      expect(element).toEqual(
        new Map([
          ['subject', [one]],
          ['dns', [two]],
        ]),
      )
    }),
    runs,
  )
})
