import fc from 'fast-check'
import { expect, test } from 'vitest'
import { wildcardMatches } from '../../sandbox/iam/wildcard.ts'

test('wildcards match what the equivalent regular expression matches', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), maxLength: 12 })
  fc.assert(
    fc.property(text, text, (pattern, value) => {
      const source = pattern.replaceAll('*', '.*').replaceAll('?', '.')
      expect(wildcardMatches(pattern, value)).toBe(new RegExp(`^${source}$`, 's').test(value))
    }),
    { numRuns: 2000 },
  )
})

test('a pattern made of stars takes no time to fail', () => {
  const start = performance.now()
  expect(wildcardMatches(`${'*a'.repeat(200)}b`, 'a'.repeat(2000))).toBe(false)
  expect(performance.now() - start).toBeLessThan(1000)
})
