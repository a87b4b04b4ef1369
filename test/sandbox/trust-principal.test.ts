import { expect, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { BASE_USER, policy, role, trusts, worldWith } from './test-world.ts'
import { describeTrust, type TrustCase } from './trust-cases.ts'

const ROOT = 'arn:aws:iam::111111111111:root'

const cases: readonly TrustCase[] = [
  ['names the user', policy(trusts(BASE_USER)), {}, true],
  ['names the user among others', policy(trusts(['arn:aws:iam::9:user/x', BASE_USER])), {}, true],
  ['names the account by its root', policy(trusts(ROOT)), {}, true],
  ['names the account by its number', policy(trusts('111111111111')), {}, true],
  ['names everybody', policy({ ...trusts('*'), Principal: '*' }), {}, true],
  ['names every AWS principal', policy(trusts('*')), {}, true],
  ['names another account', policy(trusts('222222222222')), {}, false],
  ['names another user', policy(trusts(`${BASE_USER}2`)), {}, false],
  [
    'names a pattern, which principals are not',
    policy(trusts('arn:aws:iam::111111111111:user/*')),
    {},
    false,
  ],
  [
    'names a service',
    policy({ ...trusts('x'), Principal: { Service: 'ec2.amazonaws.com' } }),
    {},
    false,
  ],
  [
    'names a SAML provider',
    policy({ ...trusts('x'), Principal: { Federated: BASE_USER } }),
    {},
    false,
  ],
  [
    'allows another action',
    policy({ ...trusts(BASE_USER), Action: 'sts:AssumeRoleWithSAML' }),
    {},
    false,
  ],
  ['allows by a wildcard', policy({ ...trusts(BASE_USER), Action: 'STS:assume*' }), {}, true],
  [
    'allows all but another action',
    policy({ Effect: 'Allow', Principal: { AWS: BASE_USER }, NotAction: 'sts:TagSession' }),
    {},
    true,
  ],
  [
    'allows all but this action',
    policy({ Effect: 'Allow', Principal: { AWS: BASE_USER }, NotAction: 'sts:AssumeRole' }),
    {},
    false,
  ],
  ['allows and denies', policy(trusts(BASE_USER), { ...trusts('*'), Effect: 'Deny' }), {}, false],
  [
    'denies somebody else',
    policy(trusts(BASE_USER), { ...trusts('222222222222'), Effect: 'Deny' }),
    {},
    true,
  ],
  [
    'denies all but the user',
    policy(trusts(BASE_USER), { Effect: 'Deny', NotPrincipal: { AWS: BASE_USER }, Action: '*' }),
    {},
    true,
  ],
  [
    'denies all but another',
    policy(trusts(BASE_USER), {
      Effect: 'Deny',
      NotPrincipal: { AWS: 'arn:aws:iam::9:user/x' },
      Action: '*',
    }),
    {},
    false,
  ],
]

describeTrust('a trust policy that', cases)

test.each([
  ['without a principal', { Effect: 'Allow', Action: 'sts:AssumeRole' }],
  ['with a resource', { ...trusts(BASE_USER), Resource: '*' }],
  [
    'that allows all but somebody',
    { Effect: 'Allow', NotPrincipal: { AWS: BASE_USER }, Action: '*' },
  ],
  ['with a field nobody knows', { ...trusts(BASE_USER), Principle: '*' }],
  ['with both Action and NotAction', { ...trusts(BASE_USER), NotAction: '*' }],
])('a world with a trust policy %s does not start', async (_, statement) => {
  const world = worldWith([role('Bad', policy(statement))])
  await expect(startSandbox({ world })).rejects.toThrow(/role\/Bad: IAM would refuse/)
})
