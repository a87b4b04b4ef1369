import { describe, expect, test } from 'vitest'
import { runAdmin } from '../../src/admin/command-line.ts'
import { base, passwordHash, readOnly } from '../config/configuration.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'

const bob = { name: 'bob', passwordHash, groups: ['readers', '333-dev'] }
const content = {
  ...base,
  signIn: [
    { id: 'local', type: 'local', people: 'staff', users: [bob] },
    { id: 'other', type: 'local', people: 'partners', users: [bob, { ...bob, name: 'eve' }] },
  ],
  roles: [{ arn: readOnly, sourceIdentity: '${people}+${name}' }],
  grants: [
    { people: 'staff', user: 'bob', roles: [readOnly] },
    { people: 'staff', group: 'readers', roles: [readOnly] },
    {
      people: 'staff',
      groupPattern: '^333-(?<role>[a-z]{1,9})$',
      role: 'arn:aws:iam::111111111111:role/${role}',
      tags: { Team: '${attribute.team}' },
    },
  ],
}

async function explained(...argv: string[]) {
  const { io, text, errors } = capturedIo()
  const code = await runAdmin(['explain', ...argv], io, { POSTERN_CONFIG: configFile(content) })
  return { code, text: text(), errors: errors() }
}

describe('explain', () => {
  test('prints each role, with every grant and group that leads to it', async () => {
    const { code, text } = await explained('--user', 'bob', '--people', 'staff')
    expect(code).toBe(0)
    expect(text).toBe(`bob of staff, groups: readers; 333-dev

111111111111 Production
  ${readOnly}
    by grants[0], as user
    by grants[1], group readers
    AWS sees ReadOnly/staff+bob
    by the issuer hub; credentials 1 h (at most 1 h), console 12 h (at most 12 h)
  arn:aws:iam::111111111111:role/dev
    by grants[2], group 333-dev
    refused: This role needs your attribute "team", and your sign-in did not bring it. Ask your administrator to set exactly one.
    by the issuer hub; credentials 1 h (at most 1 h), console 12 h (at most 12 h)`)
  })

  test('adds the groups that are named', async () => {
    const { code, text } = await explained(
      '--user',
      'carol',
      '--people',
      'staff',
      '--group',
      'readers',
    )
    expect(code).toBe(0)
    expect(text).toContain('carol of staff, groups: readers')
    expect(text).toContain('by grants[1], group readers')
  })

  test('finds the population of a name that stands in one only, and says that nothing is granted', async () => {
    const { code, text } = await explained('--user', 'eve')
    expect(code).toBe(1)
    expect(text).toContain('eve of partners')
    expect(text).toContain('No role')
  })

  test.each([
    [['--user', 'bob'], 'stands in several populations'],
    [['--user', 'nobody', '--people', 'staff'], 'No local user is called nobody'],
    [['--user', 'nobody', '--group', 'x'], 'Say which population'],
    [['--user', 'bob', '--people', 'x'], 'No population is called x'],
    [[], 'Name somebody with --user'],
    [['--user', 'bob', 'eve'], 'Too much: eve'],
  ])('asks back for %j', async (argv, said) => {
    const { code, errors } = await explained(...argv)
    expect(code).toBe(2)
    expect(errors).toContain(said)
  })
})
