import { describe, expect, test } from 'vitest'
import { base, faultPaths, load, readOnly } from './configuration.ts'

describe('grants', () => {
  const pattern = {
    people: 'staff',
    groupPattern: '^(?<account>\\d{12})-(?<role>[a-z]{1,9})$',
    role: 'arn:aws:iam::${account}:role/${role}',
  }

  test('by pattern carry the settings of their roles', () => {
    const { grants } = load({
      ...base,
      grants: [{ ...pattern, duration: { console: { max: '1h' } } }],
    })
    expect(grants[0]?.grantee).toEqual({
      kind: 'group-pattern',
      pattern: /^(?<account>\d{12})-(?<role>[a-z]{1,9})$/u,
    })
    expect(grants[0]).toMatchObject({
      roles: ['arn:aws:iam::${account}:role/${role}'],
      template: { issuer: 'hub', durations: { console: { default: 3600, max: 3600 } } },
    })
  })

  test.each([
    ['nobody', { people: 'staff', roles: [readOnly] }, 'grants[0]'],
    [
      'two kinds at once',
      { people: 'staff', user: 'bob', group: 'a', roles: [readOnly] },
      'grants[0]',
    ],
    ['a group, without roles', { people: 'staff', group: 'a' }, 'grants[0].roles'],
    [
      'a group, with a template',
      { people: 'staff', group: 'a', roles: [readOnly], role: readOnly },
      'grants[0].role',
    ],
    [
      'a group, with settings',
      { people: 'staff', group: 'a', roles: [readOnly], issuer: 'hub' },
      'grants[0].issuer',
    ],
    ['a pattern, without a template', { ...pattern, role: undefined }, 'grants[0].role'],
    [
      'a pattern that is slow',
      { ...pattern, groupPattern: '^(?<account>(\\d+)+)(?<role>x)$' },
      'grants[0].groupPattern',
    ],
    [
      'a variable that no group fills',
      { ...pattern, role: 'arn:aws:iam::${account}:role/${rle}' },
      'grants[0].role',
    ],
    [
      'a variable that never ends',
      { ...pattern, role: 'arn:aws:iam::${account}:role/${role' },
      'grants[0].role',
    ],
    ['no role ARN', { ...pattern, role: 'arn:aws:iam::${account}:user/${role}' }, 'grants[0].role'],
    [
      'an account that is not listed',
      { ...pattern, role: 'arn:aws:iam::222222222222:role/${role}' },
      'grants[0].role',
    ],
    ['any partition', { ...pattern, role: 'arn:${role}:iam::${account}:role/x' }, 'grants[0].role'],
  ])('are refused for %s', (_, grant, path) => {
    expect(faultPaths({ ...base, grants: [grant] })).toEqual([path])
  })
})
