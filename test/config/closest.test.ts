import { expect, test } from 'vitest'
import { closest } from '../../src/config/closest.ts'

test.each([
  ['hots', ['host', 'port', 'tls'], 'host'],
  ['Port', ['host', 'port', 'tls'], 'port'],
  ['durations', ['duration', 'region'], 'duration'],
  ['zzzzzz', ['host', 'port'], undefined],
  ['x', [], undefined],
])('%s is nearest to %j: %s', (name, candidates, expected) => {
  expect(closest(name, candidates)).toBe(expected)
})
