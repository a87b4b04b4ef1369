import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { editSection } from '../../src/cli/aws-files/edit-profile.ts'

const set = [
  ['aws_access_key_id', 'NEWID'],
  ['aws_secret_access_key', 'NEWSECRET'],
  ['aws_session_token', 'NEWTOKEN'],
] as const

function edited(text: string, section = 'default'): string {
  return editSection(Buffer.from(text), { section, set, drop: ['aws_security_token'] }).toString()
}

const own =
  'aws_access_key_id = NEWID\naws_secret_access_key = NEWSECRET\naws_session_token = NEWTOKEN\n'

describe('the credentials file', () => {
  test.for([
    ['an empty file', '', `[default]\n${own}`],
    ['another profile', '[a]\nx = 1\n', `[a]\nx = 1\n\n[default]\n${own}`],
    ['no end of line', '[a]\nx = 1', `[a]\nx = 1\n\n[default]\n${own}`],
    ['an empty section', '[default]\n', `[default]\n${own}`],
    [
      'a last line that is no credential',
      '[default]\naws_access_key_id = old\nregion = eu-west-1',
      '[default]\naws_access_key_id = NEWID\nregion = eu-west-1\naws_secret_access_key = NEWSECRET\naws_session_token = NEWTOKEN',
    ],
    [
      'a header as the last line',
      '[default]\naws_access_key_id = old\n[b]',
      `[default]\n${own}[b]`,
    ],
    [
      'a key whose name only starts alike',
      '[default]\naws_access_key_id_foo = 1\n',
      `[default]\naws_access_key_id_foo = 1\n${own}`,
    ],
    [
      'indented keys, in another order and case',
      '[default]\n  AWS_Session_Token=old\n  aws_access_key_id : old\n',
      '[default]\n  AWS_Session_Token = NEWTOKEN\n  aws_access_key_id = NEWID\naws_secret_access_key = NEWSECRET\n',
    ],
    [
      'comments, blank lines and what stands below',
      '# top\n[default] ; mine\n# note\naws_access_key_id = old\n\n; end\n\n[b]\naws_access_key_id = keep\n',
      '# top\n[default] ; mine\n# note\naws_access_key_id = NEWID\n\n; end\n' +
        'aws_secret_access_key = NEWSECRET\naws_session_token = NEWTOKEN\n\n[b]\naws_access_key_id = keep\n',
    ],
    [
      'nested settings',
      '[default]\ns3 =\n  aws_access_key_id = nested\n',
      `[default]\ns3 =\n  aws_access_key_id = nested\n${own}`,
    ],
    [
      'a key that stands twice, and the token of the old name',
      '[default]\naws_access_key_id = a\naws_security_token = stale\naws_access_key_id = b\n',
      `[default]\n${own}`,
    ],
    [
      'the first of two sections alone',
      '[default]\n[default]\nx = 1\n',
      `[default]\n${own}[default]\nx = 1\n`,
    ],
    [
      'Windows line ends',
      '[default]\r\nregion = x\r\n',
      `[default]\r\nregion = x\r\n${own.replaceAll('\n', '\r\n')}`,
    ],
    ['a byte order mark', '\ufeff[default]\n', `\ufeff[default]\n${own}`],
    [
      'a value over several lines',
      '[default]\naws_session_token = old\n  older = x\n# mine\nregion = a\n  aws_access_key_id = b\n',
      '[default]\naws_session_token = NEWTOKEN\n# mine\nregion = a\n  aws_access_key_id = b\n' +
        'aws_access_key_id = NEWID\naws_secret_access_key = NEWSECRET\n',
    ],
    [
      'indented headers, and one that is part of a value',
      ' [a]\nx =\n  [default]\n  [default]\ny = 1\n [default]\nz = 1\n [b]\n',
      ` [a]\nx =\n  [default]\n  [default]\ny = 1\n [default]\nz = 1\n [b]\n\n[default]\n${own}`,
    ],
    [
      'an indented header below',
      '[default]\n  [b]\n',
      `[default]\n${own.replace(/^/gm, '  ').trimEnd()}\n  [b]\n`,
    ],
    ['an indented header', '  [default]\nx = 1\n', `  [default]\nx = 1\n${own}`],
    [
      'spaces in the brackets, which make another name',
      '[ default ]\n',
      `[ default ]\n\n[default]\n${own}`,
    ],
  ] as const)('with %s', ([, before, after]) => {
    expect(edited(before)).toBe(after)
  })

  test('keeps bytes that are no UTF-8', () => {
    const before = Buffer.from([0x5b, 0x61, 0x5d, 0x0a, 0xff, 0xfe, 0x80, 0x3d, 0x31, 0x0a])
    const after = editSection(before, { section: 'default', set })
    expect(after.subarray(0, before.length)).toEqual(before)
  })

  test.for(['a]b', 'a\nb', '', ' a', 'a[b'])('refuses the profile name %j', (section) => {
    expect(() => edited('', section)).toThrow('A profile name')
  })

  test('refuses a value with a line end', () => {
    expect(() => editSection(Buffer.alloc(0), { section: 'a', set: [['k', 'a\nb']] })).toThrow(
      'would break the line',
    )
  })
})

/** Lines with their ends, cut into what stands in the first section of that name and the rest. */
function apart(text: string, name: string): { inside: string[]; outside: string[] } {
  const lines = text.split(/(?<=\n)/)
  const header = /^\[(.+?)\]/
  const start = lines.findIndex((line) => header.exec(line)?.[1] === name)
  if (start < 0) return { inside: [], outside: lines }
  const length = lines.slice(start + 1).findIndex((line) => header.test(line))
  const stop = length < 0 ? lines.length : start + 1 + length
  return {
    inside: lines.slice(start, stop),
    outside: [...lines.slice(0, start), ...lines.slice(stop)],
  }
}

const isKey = /^\s*aws_(access_key_id|secret_access_key|session_token|security_token)\s*[=:]/i

test('changes no byte outside the section, and no other line inside, in any file', () => {
  const word = fc.constantFrom(
    'default',
    'a',
    'profile b',
    'region',
    'aws_access_key_id',
    'ä',
    'x y',
  )
  const line = fc.oneof(
    { weight: 3, arbitrary: word.map((name) => `[${name}]`) },
    {
      weight: 5,
      arbitrary: fc
        .tuple(word, fc.constantFrom('=', ' = ', ': '), word)
        .map((parts) => parts.join('')),
    },
    fc.constantFrom(
      '',
      '  ',
      '# [default]',
      '; aws_access_key_id = x',
      'aws_session_token=old',
      'aws_secret_access_key = x',
    ),
    fc.string({ unit: 'binary' }).filter((text) => !/[\r\n]/.test(text)),
  )
  const file = fc
    .tuple(fc.array(line, { maxLength: 24 }), fc.boolean())
    .map(([lines, ended]) => lines.join('\n') + (ended && lines.length > 0 ? '\n' : ''))
  const property = fc.property(file, (text) => {
    // Lone surrogates are no bytes.
    const before = Buffer.from(text).toString()
    const after = edited(before)
    const [was, is] = [apart(before, 'default'), apart(after, 'default')]
    if (was.inside.length > 0) {
      expect(is.outside.join('')).toBe(was.outside.join(''))
    } else {
      expect(is.outside.join('').replace(/\n+$/, '')).toBe(before.replace(/\n+$/, ''))
      expect(after.startsWith(before)).toBe(true)
    }
    const kept = (lines: string[]): string[] =>
      lines.filter((one) => !isKey.test(one)).map((one) => one.replace(/\n$/, ''))
    if (was.inside.length > 0) expect(kept(is.inside)).toEqual(kept(was.inside))
    for (const [key, value] of set) {
      expect(
        is.inside.filter((one) =>
          one
            .replace(/\s*:\s*/, ' = ')
            .trim()
            .endsWith(`${key} = ${value}`),
        ).length,
      ).toBe(1)
    }
    // Doing it again changes nothing.
    expect(edited(after)).toBe(after)
  })
  fc.assert(property, { numRuns: 2_000, seed: 20_261_120 })
})
