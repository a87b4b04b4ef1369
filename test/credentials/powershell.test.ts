import fc from 'fast-check'
import { expect, test } from 'vitest'
import { powershell, powershellLiteral } from '../../src/credentials/powershell.ts'
import { readPowershellLiteral } from './powershell-literal.ts'

test.each([
  "'",
  "''",
  "a'b",
  '$(calc)',
  '`n$x"',
  '‘’‚‛',
  "’'‘",
  'a\u2019; calc #',
  '\\',
  '%PATH%',
  '',
])('%j is one verbatim literal', (value) => {
  expect(readPowershellLiteral(powershellLiteral(value))).toBe(value)
})

test('whatever the value, it is one verbatim literal', () => {
  const quotes = fc.constantFrom("'", '\u2018', '\u2019', '\u201a', '\u201b', '"', '`', '$', 'a')
  const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: quotes }))
  fc.assert(
    fc.property(texts, (value) => {
      expect(readPowershellLiteral(powershellLiteral(value))).toBe(value)
    }),
    { numRuns: 2000 },
  )
})

test('the reader tells two literals, and half of one, from one', () => {
  for (const text of ["'a' 'b'", "'a'; calc", "'a", "'a''", 'a', "'a'b'", '']) {
    expect(readPowershellLiteral(text)).toBeUndefined()
  }
})

test('each line is one statement', () => {
  const lines = powershell
    .render(
      {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        secretAccessKey: "a'; calc; '",
        sessionToken: 'a\u2019; calc',
        expiration: new Date('2026-11-20T09:14:00Z'),
      },
      { region: 'eu-west-1' },
    )
    .trimEnd()
    .split('\n')
  expect(lines[0]).toBe(
    'Remove-Item Env:AWS_PROFILE, Env:AWS_DEFAULT_PROFILE, Env:AWS_SECURITY_TOKEN -ErrorAction SilentlyContinue',
  )
  for (const line of lines.slice(1)) {
    const [, name, literal] = /^\$Env:(AWS_[A-Z_]+) = (.*)$/.exec(line) ?? []
    expect(name).toBeDefined()
    expect(readPowershellLiteral(literal ?? '')).toBeDefined()
  }
  expect(readPowershellLiteral(lines[2]?.split(' = ')[1] ?? '')).toBe("a'; calc; '")
})
