import { describe, expect, test } from 'vitest'
import { authorize, entitlementsOf, matchesOf } from '../../src/entitlements/decide.ts'
import {
  catalogueOf,
  development,
  grantOf,
  identityOf,
  production,
  roleOf,
  template,
} from './catalogue-fixture.ts'

const readProduction = roleOf(production, 'ReadOnly')
const adminProduction = roleOf(production, 'Admin')
const readDevelopment = roleOf(development, 'ReadOnly')
const roles = [readDevelopment, readProduction, adminProduction]

const dn = (account: string, role: string): string =>
  `CN=AWS-${account}-${role},OU=AWS,DC=corp,DC=example`
const byPattern = grantOf({
  path: 'grants[7]',
  grantee: {
    kind: 'group-pattern',
    pattern: /^CN=AWS-(?<account>\d{12})-(?<role>[\w+=.@-]{1,64}),OU=AWS,DC=corp,DC=example$/u,
  },
  roles: ['arn:aws:iam::${account}:role/${role}'],
  template: { ...template, issuer: 'anywhere' },
})

describe('entitlements', () => {
  test('come from grants to the user and to groups, in the order of accounts and names', () => {
    const toUser = grantOf({
      path: 'grants[0]',
      grantee: { kind: 'user', user: 'bob' },
      roles: [readDevelopment.arn.arn, readProduction.arn.arn],
    })
    const toGroup = grantOf({
      path: 'grants[1]',
      grantee: { kind: 'group', group: 'admins' },
      roles: [readProduction.arn.arn, adminProduction.arn.arn],
    })
    const found = entitlementsOf(
      identityOf({ groups: ['others', 'admins'] }),
      catalogueOf(roles, [toUser, toGroup]),
    )
    expect(found).toEqual([
      { role: adminProduction, grants: [toGroup], groups: ['admins'] },
      { role: readProduction, grants: [toUser, toGroup], groups: ['admins'] },
      { role: readDevelopment, grants: [toUser], groups: [] },
    ])
  })

  test('never cross populations', () => {
    const grant = grantOf({
      people: 'partners',
      grantee: { kind: 'user', user: 'bob' },
      roles: [readProduction.arn.arn],
    })
    const pattern = { ...byPattern, people: 'partners' }
    const identity = identityOf({ groups: [dn(production.id, 'ReadOnly')] })
    expect(entitlementsOf(identity, catalogueOf(roles, [grant, pattern]))).toEqual([])
  })

  test('go by the immutable ID, not by the name that people read', () => {
    const grant = grantOf({
      grantee: { kind: 'user', user: 'bob' },
      roles: [readProduction.arn.arn],
    })
    const renamed = identityOf({ person: { people: 'staff', id: 'eve' }, name: 'bob' })
    expect(entitlementsOf(renamed, catalogueOf(roles, [grant]))).toEqual([])
  })

  test.each(['Admins', 'admins ', 'CN=admins', 'admin', ''])(
    'compare groups exactly: %j is not admins',
    (group) => {
      const grant = grantOf({
        grantee: { kind: 'group', group: 'admins' },
        roles: [adminProduction.arn.arn],
      })
      expect(entitlementsOf(identityOf({ groups: [group] }), catalogueOf(roles, [grant]))).toEqual(
        [],
      )
    },
  )

  test('leave out a role that no entry describes', () => {
    const grant = grantOf({
      grantee: { kind: 'user', user: 'bob' },
      roles: ['arn:aws:iam::111111111111:role/Gone'],
    })
    expect(entitlementsOf(identityOf(), catalogueOf(roles, [grant]))).toEqual([])
  })
})

describe('a grant by pattern', () => {
  test('yields the role that the group names, with the grant’s settings', () => {
    const group = dn(development.id, 'Deploy')
    const [found] = entitlementsOf(identityOf({ groups: [group] }), catalogueOf(roles, [byPattern]))
    expect(found?.role).toEqual({ ...roleOf(development, 'Deploy'), issuer: 'anywhere' })
    expect(found?.groups).toEqual([group])
    expect(found?.grants).toEqual([byPattern])
  })

  test('prefers the settings of the role’s own entry', () => {
    const identity = identityOf({ groups: [dn(production.id, 'ReadOnly')] })
    const [found] = entitlementsOf(identity, catalogueOf(roles, [byPattern]))
    expect(found?.role).toBe(readProduction)
  })

  test('merges several groups that lead to one role', () => {
    const loose = grantOf({
      grantee: { kind: 'group-pattern', pattern: /^(?<account>\d{12})-[a-z]{1,9}$/u },
      roles: ['arn:aws:iam::${account}:role/ReadOnly'],
      template,
    })
    const groups = [`${production.id}-a`, `${production.id}-b`]
    const found = entitlementsOf(identityOf({ groups }), catalogueOf(roles, [loose]))
    expect(found.map((entitlement) => entitlement.groups)).toEqual([groups])
  })

  test('yields nothing in an account that is not listed', () => {
    const identity = identityOf({ groups: [dn('333333333333', 'Admin')] })
    expect(entitlementsOf(identity, catalogueOf(roles, [byPattern]))).toEqual([])
  })

  test.each([
    ['an OU of somebody else', 'CN=AWS-111111111111-Admin,OU=AWS,DC=evil,DC=example'],
    ['something before', `X${dn(production.id, 'Admin')}`],
    ['something after', `${dn(production.id, 'Admin')},DC=x`],
    ['a line end', `${dn(production.id, 'Admin')}\n`],
    ['an escaped comma', 'CN=AWS-111111111111-Admin\\,OU=AWS,DC=corp,DC=example,OU=x'],
  ])('does not match a group with %s', (_, group) => {
    expect(
      entitlementsOf(identityOf({ groups: [group] }), catalogueOf(roles, [byPattern])),
    ).toEqual([])
  })

  test.each([
    ['another account in the role', '111111111111-x:role/Admin'],
    ['a second ARN', '111111111111-Admin arn:aws:iam::222222222222:role/Admin'],
    ['an account that is no number', '11111111111x-Admin'],
    ['an account and a role in one', '111111111111:role/y-Admin'],
    ['no role', '111111111111-'],
  ])('yields nothing for a group that smuggles %s through a loose pattern', (_, group) => {
    const loose = grantOf({
      grantee: { kind: 'group-pattern', pattern: /^(?<account>[^-]*)-(?<role>.*)$/u },
      roles: ['arn:aws:iam::${account}:role/${role}'],
      template,
    })
    expect(entitlementsOf(identityOf({ groups: [group] }), catalogueOf(roles, [loose]))).toEqual([])
  })

  test('doesn’t shorten a name by a part that does not fit', () => {
    const prefixed = grantOf({
      grantee: { kind: 'group-pattern', pattern: /^(?<account>\d{12})(?<prefix>.*)$/u },
      roles: ['arn:aws:iam::${account}:role/${prefix}Admin'],
      template,
    })
    const groups = [production.id, `${production.id} :`]
    expect(entitlementsOf(identityOf({ groups }), catalogueOf(roles, [prefixed]))).toEqual([])
  })

  test('is quick with 10,000 groups and 100 grants', () => {
    const groups = Array.from({ length: 10_000 }, (_, index) => dn(production.id, `Role${index}`))
    const grants = Array.from({ length: 100 }, (_, index) => ({
      ...byPattern,
      path: `grants[${index}]`,
      grantee: {
        kind: 'group-pattern' as const,
        pattern: new RegExp(
          `^CN=AWS-(?<account>\\d{12})-(?<role>[\\w+=.@-]{1,64}),OU=AWS${index === 99 ? '' : index},DC=corp,DC=example$`,
          'u',
        ),
      },
    }))
    const before = performance.now()
    const found = entitlementsOf(identityOf({ groups }), catalogueOf(roles, grants))
    expect(found).toHaveLength(10_000)
    expect(performance.now() - before).toBeLessThan(5_000)
  })

  test('is never tried on a name longer than any directory makes', () => {
    const slow = grantOf({
      grantee: { kind: 'group-pattern', pattern: /^(?<account>\d{12}).*$/u },
      roles: ['arn:aws:iam::${account}:role/ReadOnly'],
      template,
    })
    const groups = [`${production.id}${'x'.repeat(1_013)}`]
    expect(entitlementsOf(identityOf({ groups }), catalogueOf(roles, [slow]))).toEqual([])
  })
})

describe('authorize', () => {
  const grant = grantOf({
    grantee: { kind: 'user', user: 'bob' },
    roles: [readProduction.arn.arn],
  })
  const catalogue = catalogueOf(roles, [grant])

  test('finds the entitlement to a role that was granted', () => {
    expect(authorize(identityOf(), catalogue, readProduction.arn.arn)?.role).toBe(readProduction)
  })

  test.each([
    ['one that exists', adminProduction.arn.arn],
    ['one that does not exist', 'arn:aws:iam::111111111111:role/Nothing'],
    ['one in other letters', readProduction.arn.arn.toLowerCase()],
    ['text that is no ARN', '__proto__'],
  ])('refuses a role the identity was not granted: %s', (_, arn) => {
    expect(authorize(identityOf(), catalogue, arn)).toBeUndefined()
  })
})

test('the reasons name each grant and group', () => {
  const grant = grantOf({
    grantee: { kind: 'group', group: 'readers' },
    roles: [readProduction.arn.arn],
  })
  const matches = [...matchesOf(identityOf({ groups: ['readers'] }), catalogueOf(roles, [grant]))]
  expect(matches).toEqual([{ role: readProduction, grant, group: 'readers' }])
})
