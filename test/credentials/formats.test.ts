import { describe, expect, test } from 'vitest'
import type { Credentials } from '../../src/credentials/credentials.ts'
import { findFormat, formats } from '../../src/credentials/formats.ts'
import { InvalidRequest } from '../../src/errors.ts'

const credentials: Credentials = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//9Zk+H2vR4mXc8Lp0==',
  expiration: new Date('2026-11-20T09:14:00.987Z'),
}

function rendered(id: string, options = {}, changed: Partial<Credentials> = {}): string {
  const format = findFormat(id)
  if (!format) throw new Error(`no format ${id}`)
  return format.render({ ...credentials, ...changed }, options)
}

describe('every format', () => {
  test('has an ID of its own, in the order of the tabs', () => {
    expect(formats.map(({ id }) => id)).toEqual([
      'bash',
      'fish',
      'tcsh',
      'powershell',
      'cmd',
      'profile',
      'credential-process',
      'env',
      'values',
    ])
    expect(findFormat('toString')).toBeUndefined()
  })

  test.each(formats)('$id holds all three values and the expiration in whole seconds', (format) => {
    const text = format.render(credentials, { region: 'eu-west-1' })
    expect(text).toContain(credentials.accessKeyId)
    expect(text).toContain(credentials.secretAccessKey)
    expect(text).toContain(credentials.sessionToken)
    expect(text).toContain('2026-11-20T09:14:00Z')
    expect(text.endsWith('\n')).toBe(true)
    expect(text).not.toContain('\r')
  })

  test.each(formats)('$id looks the same masked, without a piece of a secret', (format) => {
    const options = { region: 'eu-west-1', profileName: 'prod' }
    const masked = format.renderMasked(credentials, options)
    const dots = '•'.repeat(16)
    const plain = format.render(credentials, options)
    expect(masked).toBe(
      plain.replace(credentials.secretAccessKey, dots).replace(credentials.sessionToken, dots),
    )
    expect(masked.split(dots)).toHaveLength(3)
  })

  test.each(formats)('$id masks a secret that needs quoting as a whole', (format) => {
    const odd = { ...credentials, secretAccessKey: `abc'def"ghi\\jkl!mno`, sessionToken: `q'r!s` }
    const masked = format.renderMasked(odd, {})
    for (const piece of ['abc', 'def', 'ghi', 'jkl', 'mno', "q'"])
      expect(masked).not.toContain(piece)
  })

  test.each(formats)('$id refuses line breaks, controls and broken text in values', (format) => {
    const bad = ['a\nb', 'a\rb', 'a\u0000b', 'a\u001bb', 'a\u0085b', 'a\u2028b', 'a\ud800b', '\t']
    for (const sessionToken of bad) {
      expect(() => format.render({ ...credentials, sessionToken }, {})).toThrow(InvalidRequest)
      expect(() => format.renderMasked({ ...credentials, sessionToken }, {})).not.toThrow(TypeError)
    }
  })

  test.each(formats)('$id refuses a region that is none', (format) => {
    for (const region of [
      '',
      'eu-west-1; rm -rf /',
      "eu-west-1'",
      'EU-WEST-1',
      'eu-west-1\n',
      '$x',
    ])
      expect(() => format.render(credentials, { region })).toThrow(InvalidRequest)
  })

  test.each(formats)('$id says nothing of a region or an endpoint that is not set', (format) => {
    expect(format.render(credentials, {})).not.toMatch(/region|endpoint/i)
  })
})

describe('a shell', () => {
  test.each(['bash', 'fish', 'tcsh', 'powershell', 'cmd', 'env'])(
    '%s gets both names of the region, and the endpoint of STS',
    (id) => {
      const text = rendered(id, {
        region: 'eu-west-1',
        endpoints: { sts: 'http://localhost:3001/' },
      })
      expect(text).toMatch(/AWS_REGION[ =]+['"]?eu-west-1/)
      expect(text).toMatch(/AWS_DEFAULT_REGION[ =]+['"]?eu-west-1/)
      expect(text).toMatch(/AWS_ENDPOINT_URL_STS[ =]+['"]?http:\/\/localhost:3001\//)
    },
  )

  test.each(['bash', 'fish', 'tcsh', 'powershell', 'cmd'])(
    '%s forgets stale variables first',
    (id) => {
      const text = rendered(id)
      for (const name of ['AWS_PROFILE', 'AWS_DEFAULT_PROFILE', 'AWS_SECURITY_TOKEN']) {
        expect(text).toContain(name)
        expect(text.indexOf(name)).toBeLessThan(text.indexOf('AWS_ACCESS_KEY_ID'))
      }
    },
  )

  test.each(['bash', 'fish', 'tcsh'])('%s is kept out of the history', (id) => {
    for (const line of rendered(id, { region: 'eu-west-1' }).trimEnd().split('\n'))
      expect(line).toMatch(/^ \S/)
  })
})

describe('a format without quoting', () => {
  const odd = [
    '%PATH%',
    'a&calc',
    'a"b',
    'a^b',
    'a|b',
    'a<b',
    'a b',
    'a!b',
    "a'b",
    'ü',
    'a#b',
    'a;b',
    'a$b',
  ]

  test.each([
    ['cmd', /^rem [^\n&|<>^%]*\n$/],
    ['profile', /^# [^\n]*\n$/],
    ['env', /^# [^\n]*\n$/],
  ])('%s carries no value that needs it, and says so in a comment', (id, comment) => {
    for (const secretAccessKey of odd)
      expect(rendered(id, {}, { secretAccessKey })).toMatch(comment)
  })

  test('cmd carries no line that is longer than it takes', () => {
    const room = 8191 - 'set "AWS_SESSION_TOKEN="'.length
    expect(rendered('cmd', {}, { sessionToken: 'x'.repeat(room) })).toContain('set "')
    expect(rendered('cmd', {}, { sessionToken: 'x'.repeat(room + 1) })).toMatch(/^rem /)
  })
})

describe('the profile', () => {
  test('bears the name it is given, for the credentials file', () => {
    expect(rendered('profile', { region: 'eu-west-1', profileName: 'prod.read-only_1' })).toBe(
      `[prod.read-only_1]
# good until 2026-11-20T09:14:00Z
aws_access_key_id = ASIAIOSFODNN7EXAMPLE
aws_secret_access_key = wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY
aws_session_token = IQoJb3JpZ2luX2VjEXAMPLE//9Zk+H2vR4mXc8Lp0==
region = eu-west-1
`,
    )
    expect(rendered('profile')).toMatch(/^\[default\]\n/)
  })

  test.each(['', 'a b', 'a]', '[a', 'a\nb', 'a#b', 'ü', 'x'.repeat(65), '$(x)'])(
    'does not bear the name %j',
    (profileName) => {
      expect(() => rendered('profile', { profileName })).toThrow(InvalidRequest)
    },
  )
})

test('credential_process gets what the SDKs parse', () => {
  const answer: unknown = JSON.parse(rendered('credential-process', { region: 'eu-west-1' }))
  expect(answer).toEqual({
    Version: 1,
    AccessKeyId: credentials.accessKeyId,
    SecretAccessKey: credentials.secretAccessKey,
    SessionToken: credentials.sessionToken,
    Expiration: '2026-11-20T09:14:00Z',
  })
})

describe('a literal', () => {
  const value = `a'b\\c!d$e"f`

  test.each([
    ['bash', String.raw`'a'\''b\c!d$e"f'`],
    ['fish', String.raw`'a\'b\\c!d$e"f'`],
    ['tcsh', String.raw`'a'\''b\c\!d$e"f'`],
    ['powershell', String.raw`'a''b\c!d$e"f'`],
  ])('of %s is quoted by its rules', (id, literal) => {
    expect(rendered(id, {}, { secretAccessKey: value })).toMatch(
      new RegExp(`AWS_SECRET_ACCESS_KEY[ =]+${RegExp.escape(literal)}\n`),
    )
  })
})
