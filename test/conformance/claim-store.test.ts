import { describe, expect, test } from 'vitest'
import { stateEngines } from './state-engines.ts'

describe.each(stateEngines)('a claim store on $name', ({ open }) => {
  test('gives a claim to exactly one of fifty who ask at once', async () => {
    await using opened = await open()
    const { claims } = opened.state
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => claims.claim('assertion', 'id-1', 9_000)),
    )
    expect(answers.filter(Boolean)).toHaveLength(1)
    expect(await claims.claim('assertion', 'id-1', 9_000)).toBe(false)
  })

  test('keeps scopes apart, even where scope and ID would run together', async () => {
    await using opened = await open()
    const { claims } = opened.state
    expect(await claims.claim('a', 'bc', 9_000)).toBe(true)
    expect(await claims.claim('ab', 'c', 9_000)).toBe(true)
    expect(await claims.claim('a', 'BC', 9_000)).toBe(true)
  })

  test('takes IDs of any length and content', async () => {
    await using opened = await open()
    const { claims } = opened.state
    for (const id of ['', '\0', "' OR 1=1 --", 'x'.repeat(1_000_000), '\u{1f510}']) {
      expect(await claims.claim('any', id, 9_000)).toBe(true)
      expect(await claims.claim('any', id, 9_000)).toBe(false)
    }
  })

  test('forgets a claim once it has expired, not before', async () => {
    await using opened = await open()
    const { claims } = opened.state
    await claims.claim('a', 'short', 1_000)
    await claims.claim('a', 'long', 9_000)
    expect(await claims.deleteExpired(1_000)).toBe(1)
    expect(await claims.claim('a', 'short', 9_000)).toBe(true)
    expect(await claims.claim('a', 'long', 9_000)).toBe(false)
  })
})
