import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { newUserCode, readUserCode } from '../../../src/identity/terminals/user-code.ts'

test('a user code has each of its letters equally often', () => {
  const counts = new Map<string, number>()
  for (let made = 0; made < 5_000; made++) {
    const code = newUserCode(randomBytes)
    expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/)
    for (const letter of code.replace('-', '')) counts.set(letter, (counts.get(letter) ?? 0) + 1)
  }
  expect(counts.size).toBe(20)
  for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(300)
})

test('bytes that would favour some letters are left out', () => {
  const bytes = [Buffer.alloc(8, 255), Buffer.alloc(8, 240), Buffer.alloc(8, 239)]
  expect(newUserCode(() => bytes.shift() ?? Buffer.alloc(8))).toBe('ZZZZ-ZZZZ')
})

test.each([
  ['wdjb-mjht', 'WDJB-MJHT'],
  ['WDJBMJHT', 'WDJB-MJHT'],
  [' WDJB – MJHT ', 'WDJB-MJHT'],
  ['WDJB-MJH', undefined],
  ['WDJB-MJHTT', undefined],
  ['WDJA-MJHT', undefined],
  ['WDJ1-MJHT', undefined],
  [`${' '.repeat(100)}WDJB-MJHT`, undefined],
])('%j is read as %j', (typed, code) => {
  expect(readUserCode(typed)).toBe(code)
})
