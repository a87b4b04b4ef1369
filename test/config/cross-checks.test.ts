import { describe, expect, test } from 'vitest'
import { base, faultLines, faultPaths, load, passwordHash, readOnly } from './configuration.ts'

const [method] = base.signIn
const user = { name: 'bob', passwordHash }
const admin = 'arn:aws:iam::111111111111:role/Admin'

describe('names must lead somewhere', () => {
  test.each([
    ['an issuer', { roles: [{ arn: readOnly, issuer: 'hbu' }] }, 'roles[0].issuer', 'perhaps hub'],
    [
      'an issuer of the defaults',
      { defaults: { issuer: 'x' } },
      'defaults.issuer',
      'under issuers',
    ],
    [
      'an account',
      { roles: [{ arn: 'arn:aws:iam::222222222222:role/ReadOnly' }], grants: [] },
      'roles[0].arn',
      'under accounts',
    ],
    [
      'a role',
      { grants: [{ people: 'staff', user: 'bob', roles: [admin] }] },
      'grants[0].roles[0]',
      'under roles',
    ],
    [
      'a population',
      { grants: [{ people: 'staf', user: 'bob', roles: [readOnly] }] },
      'grants[0].people',
      'perhaps staff',
    ],
    [
      'a user',
      { grants: [{ people: 'staff', user: 'bbo', roles: [readOnly] }] },
      'grants[0].user',
      'perhaps bob',
    ],
    [
      'a transitive tag',
      { roles: [{ arn: readOnly, transitiveTags: ['Team'] }] },
      'roles[0].transitiveTags[0]',
      'under tags',
    ],
  ])('%s', (_, change, path, expected) => {
    const lines = faultLines({ ...base, ...change })
    expect(faultPaths({ ...base, ...change })).toEqual([path])
    expect(lines[0]).toContain(expected)
  })

  test('and do, where the entry that they name has a fault of its own', () => {
    const faulty = { ...base, roles: [{ arn: readOnly, region: 'nowhere' }] }
    expect(faultPaths(faulty)).toEqual(['roles[0].region'])
  })

  test('a fault in one field does not hide the others of its entry', () => {
    const roles = [{ arn: readOnly, issuer: 'x', region: 'nowhere', sessionName: '${nme}' }]
    expect(faultPaths({ ...base, roles }).toSorted()).toEqual([
      'roles[0].issuer',
      'roles[0].region',
      'roles[0].sessionName',
    ])
  })
})

describe('names must stand once', () => {
  test.each([
    [
      'sign-in methods',
      { signIn: [method, { ...method, people: 'staff', users: [{ ...user, name: 'eve' }] }] },
      'signIn[1].id',
    ],
    [
      'persons of one population',
      { signIn: [method, { ...method, id: 'other' }] },
      'signIn[1].users[0].name',
    ],
    [
      'persons that only case tells apart',
      { signIn: [{ ...method, users: [user, { ...user, name: 'Bob' }] }] },
      'signIn[0].users[1].name',
    ],
    ['roles', { roles: [{ arn: readOnly }, { arn: readOnly }] }, 'roles[1].arn'],
  ])('%s', (_, change, path) => {
    expect(faultPaths({ ...base, ...change })).toEqual([path])
  })

  test('but may stand in several populations', () => {
    const signIn = [method, { ...method, id: 'other', people: 'partners' }]
    expect(faultPaths({ ...base, signIn })).toEqual([])
  })
})

describe('several issuers', () => {
  const issuers = { hub: { type: 'assume-role' }, spare: { type: 'assume-role' } }

  test('make each role say which', () => {
    expect(faultPaths({ ...base, issuers })).toEqual(['roles[0].issuer'])
  })

  test('or the defaults', () => {
    expect(faultPaths({ ...base, issuers, defaults: { issuer: 'spare' } })).toEqual([])
  })
})

describe('several populations', () => {
  const signIn = [method, { ...method, id: 'other', people: 'partners' }]

  test('name the person with the population unless configured', () => {
    const { roles } = load({ ...base, signIn })
    expect(roles.get(readOnly)?.session.sessionName).toBe('${people}+${name}')
  })

  test.each(['${name}', '${people}-${name}', '${name}${people}', 'x${people}+${name}'])(
    'refuse a name that does not say, or not clearly, whose it is: %s',
    (sessionName) => {
      expect(faultPaths({ ...base, signIn, roles: [{ arn: readOnly, sessionName }] })).toEqual([
        'roles[0].sessionName',
      ])
    },
  )

  test.each(['${people}+${name}', '${name}@${people}', '${people}', 'X.${people}.${name}'])(
    'take a name that says it: %s',
    (sourceIdentity) => {
      expect(faultPaths({ ...base, signIn, roles: [{ arn: readOnly, sourceIdentity }] })).toEqual(
        [],
      )
    },
  )

  test('are checked in the defaults and in grants by pattern too', () => {
    const grants = [
      {
        people: 'staff',
        groupPattern: '^(?<role>[a-z]{1,9})$',
        role: 'arn:aws:iam::111111111111:role/${role}',
        sourceIdentity: '${name}',
      },
    ]
    expect(
      faultPaths({ ...base, signIn, grants, defaults: { sessionName: '${name}' } }).toSorted(),
    ).toEqual(['defaults.sessionName', 'grants[0].sourceIdentity'])
  })
})

describe('durations', () => {
  test.each([
    [
      'a default over its max',
      { credentials: { default: '2h', max: '1h' } },
      'roles[0].duration.credentials.default',
    ],
    [
      'a default over the max unless set',
      { credentials: { default: '2h' } },
      'roles[0].duration.credentials.default',
    ],
    ['less than AWS takes', { console: { max: '14m' } }, 'roles[0].duration.console.max'],
    ['more than AWS takes', { console: { max: 43_201 } }, 'roles[0].duration.console.max'],
    ['no duration', { console: { max: 'an hour' } }, 'roles[0].duration.console.max'],
    ['a unit that is none', { console: { max: '1d' } }, 'roles[0].duration.console.max'],
    ['a fraction', { console: { max: 3600.5 } }, 'roles[0].duration.console.max'],
    ['nothing', { console: { max: '' } }, 'roles[0].duration.console.max'],
  ])('refuse %s', (_, duration, path) => {
    expect(faultPaths({ ...base, roles: [{ arn: readOnly, duration }] })).toEqual([path])
  })

  test.each([
    ['1h', 3600],
    ['90m', 5400],
    ['1h30m', 5400],
    ['2700s', 2700],
    [7200, 7200],
    ['7200', 7200],
  ])('read %j as seconds', (max, seconds) => {
    const roles = [{ arn: readOnly, duration: { credentials: { max } } }]
    expect(load({ ...base, roles }).roles.get(readOnly)?.durations.credentials.max).toBe(seconds)
  })
})

describe('a region', () => {
  const arn = 'arn:aws-cn:iam::111111111111:role/ReadOnly'

  test.each([
    ['of its own', { roles: [{ arn, region: 'eu-west-1' }] }],
    ['of the defaults', { roles: [{ arn }], defaults: { region: 'eu-west-1' } }],
  ])('%s must be one of the role’s partition', (_, change) => {
    expect(faultLines({ ...base, ...change, grants: [] })).toEqual([
      expect.stringContaining('a region of the partition aws-cn'),
    ])
  })

  test('that fits is taken', () => {
    const roles = [{ arn, region: 'cn-north-1' }]
    expect(faultLines({ ...base, roles, grants: [] })).toEqual([])
  })
})

describe('session policies', () => {
  test('fit together in 2048 characters', () => {
    const policyArns = Array.from(
      { length: 8 },
      (_, index) => `arn:aws:iam::aws:policy/${'x'.repeat(120)}${index}`,
    )
    const policy = { Statement: [{ Sid: 'x'.repeat(1000) }] }
    expect(faultPaths({ ...base, roles: [{ arn: readOnly, policy, policyArns }] })).toEqual([
      'roles[0].policyArns',
    ])
  })
})
