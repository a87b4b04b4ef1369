import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compileGroupPattern,
  groupNames,
  groupPatternFault,
} from '../../src/config/group-pattern.ts'

describe('a group pattern is taken', () => {
  test.each([
    '^CN=AWS-(?<account>\\d{12})-(?<role>[\\w+=.@-]{1,64}),OU=AWS,DC=corp,DC=example$',
    '^AWS-(?<account>\\d{12})-(?<role>.+)$',
    '^(?:AWS|Amazon)-(?<account>\\d{12})$',
    '^a?b*c{2}d{3,9}$',
    '^(?:ab){1,5}$',
    '^[\\]\\\\)(|*]+$',
    '^\\(\\)\\|\\$$',
    '^\\p{L}{1,20}\\u{1F600}$',
    '^a\\\\$',
    '^(?<account>\\d{12})(?:-x)?$',
  ])('%s', (pattern) => {
    expect(groupPatternFault(pattern)).toBeUndefined()
    expect(compileGroupPattern(pattern)).toBeInstanceOf(RegExp)
  })
})

describe('a group pattern is refused', () => {
  test.each([
    ['without an anchor in front', 'AWS-.*$', /starts with \^ and ends with \$/],
    ['without an anchor at the end', '^AWS-.*', /starts with \^ and ends with \$/],
    ['with an escaped dollar sign at the end', '^AWS-\\$', /starts with \^ and ends with \$/],
    ['with a choice that leaves the anchors', '^AWS-a|b$', /stands in \( \)/],
    ['that is no expression', '^(AWS$', /a regular expression/],
    ['with a needless escape', '^\\a$', /a regular expression/],
    ['with a repeat in a repeat', '^(a+)+$', /inside a repeated group/],
    ['with a repeat in a named repeat', '^(?<role>(?:a*)){2,}$', /inside a repeated group/],
    ['with a choice in a repeat', '^(?:a|a)*$', /inside a repeated group/],
    ['with an option in a repeat', '^(?:a?)*b$', /inside a repeated group/],
    ['with a lazy repeat in a repeat', '^(?:a+?)+?$', /inside a repeated group/],
    ['with three open repeats', '^.*x.*x.*$', /quicker/],
    ['with many choices', `^${'(?:a|a)'.repeat(20)}$`, /quicker/],
    ['with many options', `^${'a?'.repeat(20)}$`, /quicker/],
    ['with a huge count', '^.{1,60000}.{1,60000}$', /quicker/],
    ['with a backreference', '^(a)\\1$', /without backreferences/],
    ['with a named backreference', '^(?<role>a)\\k<role>$', /without backreferences/],
    ['with a look ahead', '^(?=a).$', /without lookaround/],
    ['with a look behind', '^.(?<!a)$', /without lookaround/],
    ['with modifiers', '^(?i:a)$', /without lookaround and modifiers/],
    ['that is long', `^${'a'.repeat(1024)}$`, /at most 1024 characters/],
  ])('%s', (_, pattern, expected) => {
    expect(groupPatternFault(pattern)).toMatch(expected)
  })

  test('or quick on the worst names, whatever it is', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      'a*',
      'a+',
      '.*',
      '[^b]{1,64}',
      '(?:a|b)',
      '(?:ab)*',
      'b?',
      '(a+)+',
      '(?:a|ab)*',
      '(?<role>a{0,9})',
    )
    let tried = 0
    const worst = [`${'a'.repeat(1023)}!`, `${'ab'.repeat(511)}!`]
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const source = `^${pieces.join('')}$`
        const pattern = compileGroupPattern(source)
        if (groupPatternFault(source) !== undefined || !pattern) return
        tried += 1
        const before = performance.now()
        for (const name of worst) pattern.test(name)
        expect(performance.now() - before).toBeLessThan(500)
      }),
      { seed: 7, numRuns: 300 },
    )
    expect(tried).toBeGreaterThan(50)
  })
})

test('the named groups of a pattern are found', () => {
  expect(groupNames('^(?<account>\\d{12})-(?<role>x)(?:y)$')).toEqual(['account', 'role'])
})
