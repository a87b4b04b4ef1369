import { describe, expect, test } from 'vitest'
import { regionOf } from '../../src/rolesanywhere/create-session.ts'
import { checkRoleArn, parseRolesAnywhereArn } from '../../src/rolesanywhere/rolesanywhere-arn.ts'

const anchor = 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1'
const profile = 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1'

test('takes ARNs of every partition apart', () => {
  expect(
    parseRolesAnywhereArn(
      'arn:aws-us-gov:rolesanywhere:us-gov-west-1:111111111111:profile/x-1',
      'profile',
    ),
  ).toEqual({
    arn: 'arn:aws-us-gov:rolesanywhere:us-gov-west-1:111111111111:profile/x-1',
    partition: 'aws-us-gov',
    region: 'us-gov-west-1',
    accountId: '111111111111',
    id: 'x-1',
  })
})

test.for([
  ['', "failed to parse trust anchor arn: 'it is missing'"],
  ['trust-anchor/a1', "failed to parse trust anchor arn: 'arn: invalid prefix'"],
  ['arn:aws:rolesanywhere', "failed to parse trust anchor arn: 'arn: not enough sections'"],
  [profile, "failed to parse trust anchor arn: 'it names a profile'"],
  [
    'arn:aws:iam::111111111111:role/x',
    "failed to parse trust anchor arn: 'arn: not of IAM Roles Anywhere'",
  ],
  [`${anchor}\n`, 'failed to parse trust anchor arn'],
  [anchor.replace('us-east-1', 'evil.example/'), 'failed to parse trust anchor arn'],
  [anchor + 'a'.repeat(3000), 'failed to parse trust anchor arn'],
] as const)('refuses %j as a trust anchor', ([text, message]) => {
  expect(() => parseRolesAnywhereArn(text, 'trust-anchor')).toThrow(message)
})

describe('a role', () => {
  test('may have a path and be of any partition', () => {
    checkRoleArn('arn:aws:iam::111111111111:role/ReadOnly')
    checkRoleArn('arn:aws-cn:iam::111111111111:role/a/b/Read+Only@x')
  })

  test.for([
    '',
    'ReadOnly',
    'arn:aws:iam::111111111111:user/x',
    'arn:aws:iam::1:role/x',
    'arn:aws:iam::111111111111:role/a b',
  ])('is not %j', (text) => {
    expect(() => {
      checkRoleArn(text)
    }).toThrow(/role is not given by its ARN/)
  })
})

describe('the region', () => {
  test('is the trust anchor’s, unless another is given', () => {
    const arns = { trustAnchorArn: anchor, profileArn: profile }
    expect(regionOf(arns)).toBe('us-east-1')
    expect(regionOf(arns, '')).toBe('us-east-1')
    expect(regionOf(arns, 'eu-west-1')).toBe('eu-west-1')
  })

  test('must be the same for anchor and profile', () => {
    const arns = { trustAnchorArn: anchor, profileArn: profile.replace('us-east-1', 'eu-west-1') }
    expect(() => regionOf(arns)).toThrow(
      /trust anchor and profile regions don't match.*us-east-1.*eu-west-1/,
    )
  })
})
