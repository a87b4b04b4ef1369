import { array, assert, constantFrom, dictionary, oneof, property, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../src/audit/audit-event.ts'
import { canonicalEvent } from '../../src/audit/canonical-event.ts'

const base: AuditEvent = { type: 'signed-in', requestId: 'r', address: '192.0.2.1' }

describe('an event as it is written', () => {
  test('has the same text whatever the order of its properties', () => {
    const one = { ...base, name: 'bob', groups: ['a', 'b'] }
    const other: AuditEvent = {
      groups: ['a', 'b'],
      name: 'bob',
      address: '192.0.2.1',
      requestId: 'r',
      type: 'signed-in',
    }
    expect(canonicalEvent(one)).toBe(canonicalEvent(other))
    expect(canonicalEvent(one)).toBe(
      '{"type":"signed-in","requestId":"r","address":"192.0.2.1","name":"bob","groups":["a","b"]}',
    )
  })

  test('leaves out what is no part of the vocabulary', () => {
    const event = { ...base, secretAccessKey: 'wJalr' }
    expect(canonicalEvent(event)).toBe(canonicalEvent(base))
  })

  test('cuts what a visitor made too long, and says by how much', () => {
    const event: AuditEvent = {
      ...base,
      name: 'x'.repeat(100_000),
      detail: 'y'.repeat(100_000),
      groups: Array.from({ length: 5_000 }, () => 'z'.repeat(5_000)),
    }
    const text = canonicalEvent(event)
    expect(text).toContain(`x… ${100_000 - 512} more`)
    expect(text).toContain(`y… ${100_000 - 2_048} more`)
    expect(text).toContain('… 4950 more')
    expect(text.length).toBeLessThan(35_000)
  })

  test('shows characters that a terminal or a viewer would act on by their number', () => {
    const text = canonicalEvent({ ...base, name: 'bob\u001b[2J\r\n\u202eevil\u2028\u0085\ud800' })
    expect(JSON.parse(text)).toMatchObject({
      name: 'bob\\u{1b}[2J\\u{d}\\u{a}\\u{202e}evil\\u{2028}\\u{85}\ufffd',
    })
  })

  test('is one line of printable, bounded JSON that reads back to itself, whatever comes in', () => {
    const text = oneof(
      string({ unit: 'binary' }),
      string({ unit: 'binary', minLength: 600, maxLength: 700 }),
    )
    const field = constantFrom('name', 'destination', 'detail', 'method', 'code')
    assert(
      property(dictionary(field, text), array(text), (facts, groups) => {
        const written = canonicalEvent({ ...base, ...facts, groups })
        expect(JSON.stringify(JSON.parse(written))).toBe(written)
        expect(written).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u)
      }),
    )
  })
})
