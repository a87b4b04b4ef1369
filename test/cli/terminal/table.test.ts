import { describe, expect, test } from 'vitest'
import * as fc from 'fast-check'
import { renderTable } from '../../../src/cli/terminal/table.ts'
import { displayWidth, fitted, printable } from '../../../src/cli/terminal/visible-text.ts'

const rows = [
  ['NAME', 'ROLE', 'ENDS'],
  ['alice', 'arn:aws:iam::111111111111:role/ReadOnly', 'tomorrow'],
  ['b', 'short', ''],
]

describe('a table', () => {
  test('is as wide as its cells where nobody says how wide', () => {
    expect(renderTable(rows, undefined)).toBe(
      'NAME   ROLE                                     ENDS\n' +
        'alice  arn:aws:iam::111111111111:role/ReadOnly  tomorrow\n' +
        'b      short\n',
    )
  })

  test('cuts the widest column where the terminal is narrow', () => {
    expect(renderTable(rows, 40)).toBe(
      'NAME   ROLE                     ENDS\n' +
        'alice  arn:aws:iam::111111111…  tomorrow\n' +
        'b      short\n',
    )
  })

  test('keeps to the width whatever stands in it, down to eight columns a cell', () => {
    const cell = fc.string({ unit: 'grapheme', maxLength: 60 })
    fc.assert(
      fc.property(
        fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 28, max: 120 }),
        (cells, columns) => {
          const lines = renderTable(cells, columns).split('\n')
          expect(lines).toHaveLength(cells.length + 1)
          for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(columns)
        },
      ),
    )
  })

  test('lines up wide letters, and marks that take no room', () => {
    expect(
      renderTable(
        [
          ['日本', 'x'],
          ['ab', 'y'],
          ['e\u0301', 'z'],
        ],
        undefined,
      ),
    ).toBe('日本  x\nab    y\ne\u0301     z\n')
  })

  test('leaves out what can be spared before it cuts what one would copy', () => {
    const rows = [
      ['NAME', 'ID', 'REGION', 'LONGEST'],
      ['Production', '111111111111', 'eu-west-1', '1 h'],
    ]
    const heads = [80, 44, 43, 34, 33, 24, 20].map(
      (columns) => renderTable(rows, columns, undefined, 2).split('\n')[1],
    )
    expect(heads).toEqual([
      'Production  111111111111  eu-west-1  1 h',
      'Production  111111111111  eu-west-1  1 h',
      'Production  111111111111  eu-west-1',
      'Production  111111111111',
      'Production  111111111111',
      'Production  111111111111',
      'Producti…  11111111…',
    ])
  })

  test('is empty without rows', () => {
    expect(renderTable([], 80)).toBe('')
  })
})

test('text from elsewhere moves no cursor, ends no line and turns no direction', () => {
  expect(printable('a\u001b[2Jb\nc\u202ed\u009be')).toBe('a?[2Jb?c?d?e')
  expect(renderTable([['x\u001b]0;title\u0007\ny']], 80)).toBe('x?]0;title??y\n')
})

test('a text is cut where a wide letter would stand half outside', () => {
  expect([fitted('日本語', 4), fitted('abc', 3), fitted('abcd', 3)]).toEqual(['日…', 'abc', 'ab…'])
})
