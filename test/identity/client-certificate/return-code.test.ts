import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { createReturnCodes } from '../../../src/identity/client-certificate/return-code.ts'
import { refusalOf } from '../../support/certificates/refusal-of.ts'
import { memoryStates } from '../../support/saml/memory-stores.ts'
import type { StoredSignInState } from '../../../src/identity/sign-in-state-store.ts'

function setUp() {
  let time = Date.parse('2030-06-01T12:00:00Z')
  const memory = memoryStates()
  const kept: StoredSignInState[] = []
  const store: typeof memory = {
    ...memory,
    put: async (state) => {
      kept.push(state)
      await memory.put(state)
    },
  }
  const effects = { now: () => new Date(time), randomBytes }
  return {
    kept,
    codes: createReturnCodes(store, 'smartcard', effects),
    other: createReturnCodes(store, 'other', effects),
    pass: (seconds: number) => {
      time += seconds * 1000
    },
  }
}

test('brings back what was carried and what was proven, once', async () => {
  const { codes } = setUp()
  const code = await codes.issue(await codes.begin('nonce', '/roles'), 'alice')
  expect(await codes.redeem(code, 'nonce')).toEqual({ carried: '/roles', proven: 'alice' })
  expect(await refusalOf(async () => codes.redeem(code, 'nonce'))).toBe('certificate_return')
})

test('gives a code to one of many that ask at once', async () => {
  const { codes } = setUp()
  const code = await codes.issue(await codes.begin('nonce', '/'), 'alice')
  const answers = await Promise.all(
    Array.from({ length: 20 }, async () => refusalOf(async () => codes.redeem(code, 'nonce'))),
  )
  expect(answers.filter((answer) => answer !== 'certificate_return')).toHaveLength(1)
})

describe('refuses', () => {
  test('another browser, and leaves the code to the right one', async () => {
    const { codes } = setUp()
    const code = await codes.issue(await codes.begin('nonce', '/'), 'alice')
    expect(await refusalOf(async () => codes.redeem(code, 'attacker'))).toBe('certificate_return')
    expect(await codes.redeem(code, 'nonce')).toMatchObject({ proven: 'alice' })
  })

  test('a code after a minute', async () => {
    const { codes, pass } = setUp()
    const code = await codes.issue(await codes.begin('nonce', '/'), 'alice')
    pass(61)
    expect(await refusalOf(async () => codes.redeem(code, 'nonce'))).toBe('certificate_return')
  })

  test('a start that took too long, or was finished already', async () => {
    const { codes, pass } = setUp()
    const started = await codes.begin('nonce', '/')
    await codes.issue(started, 'alice')
    expect(await refusalOf(async () => codes.issue(started, 'mallory'))).toBe('certificate_return')
    const late = await codes.begin('nonce', '/')
    pass(601)
    expect(await refusalOf(async () => codes.issue(late, 'alice'))).toBe('certificate_return')
  })

  test('what belongs to another method, and a start in place of a code', async () => {
    const { codes, other } = setUp()
    const started = await codes.begin('nonce', '/')
    expect(await refusalOf(async () => other.issue(started, 'alice'))).toBe('certificate_return')
    expect(await refusalOf(async () => codes.redeem(started, 'nonce'))).toBe('certificate_return')
    const code = await codes.issue(started, 'alice')
    expect(await refusalOf(async () => other.redeem(code, 'nonce'))).toBe('certificate_return')
  })

  test.each(['', 'x', 'a'.repeat(43), 'a'.repeat(100_000), '../../etc/passwd'])(
    'an invented code',
    async (code) => {
      const { codes } = setUp()
      expect(await refusalOf(async () => codes.redeem(code, 'nonce'))).toBe('certificate_return')
      expect(await refusalOf(async () => codes.issue(code, 'alice'))).toBe('certificate_return')
    },
  )
})

test('keeps neither code nor nonce in the clear', async () => {
  const { codes, kept } = setUp()
  const started = await codes.begin('nonce-of-the-browser', '/')
  const code = await codes.issue(started, 'alice')
  const text = JSON.stringify(kept)
  for (const secret of [started, code, 'nonce-of-the-browser']) expect(text).not.toContain(secret)
})
