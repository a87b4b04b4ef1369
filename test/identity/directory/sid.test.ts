import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readGuid, writeGuid } from '../../../src/identity/directory/guid.ts'
import { readSid, writeSid } from '../../../src/identity/directory/sid.ts'
import { readFileTime, readInterval } from '../../../src/identity/directory/windows-time.ts'

describe('a SID', () => {
  test('is read as Windows writes it', () => {
    const administrators = Buffer.from('01020000000000052000000020020000', 'hex')
    expect(readSid(administrators)).toBe('S-1-5-32-544')
    expect(readSid(Buffer.from('010100000000000100000000', 'hex'))).toBe('S-1-1-0')
  })

  test('comes back from its text', () => {
    const part = fc.integer({ min: 0, max: 0xffff_ffff })
    const parts = fc.array(part, { maxLength: 15 })
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), parts, (authority, rest) => {
        const text = ['S', 1, authority, ...rest].join('-')
        expect(readSid(writeSid(text) ?? Buffer.alloc(0))).toBe(text)
      }),
    )
  })

  test.each([
    '',
    '01',
    '0102000000000005200000002002000000',
    '01100000000000050000',
    '0201000000000001',
  ])('is not read from %s', (hex) => {
    expect(readSid(Buffer.from(hex, 'hex'))).toBeUndefined()
  })

  test.each([
    '',
    'S-1',
    'S-2-5-32',
    'S-1-5-',
    'S-1-5-4294967296',
    'S-1-5-1 ',
    `S-1-5${'-1'.repeat(16)}`,
    's-1-5-1',
    'S-1-281474976710656',
  ])('is not written from %j', (text) => {
    expect(writeSid(text)).toBeUndefined()
  })
})

describe('a GUID', () => {
  test('is read as Windows writes it', () => {
    const bytes = Buffer.from('33221100554477668899aabbccddeeff', 'hex')
    expect(readGuid(bytes)).toBe('00112233-4455-6677-8899-aabbccddeeff')
  })

  test('comes back from its text', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (array) => {
        const bytes = Buffer.from(array)
        expect(writeGuid(readGuid(bytes) ?? '')).toEqual(bytes)
      }),
    )
  })

  test.each([
    '',
    '00112233-4455-6677-8899-aabbccddeef',
    '{00112233-4455-6677-8899-aabbccddeeff}',
    '0011223344556677889900112233445566',
  ])('is not written from %j', (text) => {
    expect(writeGuid(text)).toBeUndefined()
  })

  test('has 16 bytes', () => {
    expect(readGuid(Buffer.alloc(15))).toBeUndefined()
    expect(readGuid(Buffer.alloc(17))).toBeUndefined()
  })
})

describe('times of Windows', () => {
  test('are read exactly', () => {
    expect(readFileTime('116444736000000000')).toBe(0)
    expect(readFileTime('133000000000000000')).toBe(Date.parse('2022-06-18T04:26:40Z'))
    expect(readInterval('-18000000000')).toBe(1_800_000)
    expect(readInterval('0')).toBe(0)
  })

  test.each(['', 'never', '1e9', '0x10', '1.5', ' 1', '99999999999999999999'])(
    'are not read from %j',
    (text) => {
      expect(readFileTime(text)).toBeUndefined()
      expect(readInterval(text)).toBeUndefined()
    },
  )
})
