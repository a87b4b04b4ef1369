import type { PolicyJson } from '../../sandbox/world/world.ts'
import { BASE_USER, policy, trusts } from './test-world.ts'
import { describeTrust, type TrustCase } from './trust-cases.ts'

const when = (Condition: PolicyJson): PolicyJson => policy(trusts(BASE_USER, { Condition }))

const cases: readonly TrustCase[] = [
  [
    'asks for the external ID that came',
    when({ StringEquals: { 'sts:ExternalId': 'xyz' } }),
    { ExternalId: 'xyz' },
    true,
  ],
  [
    'asks for another external ID',
    when({ StringEquals: { 'sts:ExternalId': 'xyz' } }),
    { ExternalId: 'XYZ' },
    false,
  ],
  [
    'asks for an external ID that did not come',
    when({ StringEquals: { 'sts:ExternalId': 'xyz' } }),
    {},
    false,
  ],
  [
    'asks for one of several external IDs',
    when({ StringEquals: { 'sts:ExternalId': ['a', 'xyz'] } }),
    { ExternalId: 'xyz' },
    true,
  ],
  [
    'asks for any external ID',
    when({ Null: { 'sts:ExternalId': 'false' } }),
    { ExternalId: 'xyz' },
    true,
  ],
  [
    'asks for any external ID, and none came',
    when({ Null: { 'sts:ExternalId': false } }),
    {},
    false,
  ],
  ['forbids an external ID, and none came', when({ Null: { 'sts:ExternalId': true } }), {}, true],
  [
    'asks for a session name like this',
    when({ StringLike: { 'sts:RoleSessionName': 'b?b*' } }),
    {},
    true,
  ],
  [
    'asks for another session name',
    when({ StringLike: { 'sts:RoleSessionName': 'alice*' } }),
    {},
    false,
  ],
  [
    "asks for the user's own name",
    when({ StringEquals: { 'sts:RoleSessionName': '${aws:username}' } }),
    { RoleSessionName: 'postern-broker' },
    true,
  ],
  [
    "asks for the user's own name, not another",
    when({ StringEquals: { 'sts:RoleSessionName': '${aws:username}' } }),
    {},
    false,
  ],
  [
    'asks for a variable that is not there',
    when({ StringLike: { 'sts:RoleSessionName': '${aws:PrincipalTag/x}*' } }),
    {},
    false,
  ],
  [
    'takes a star for a character',
    when({ StringEquals: { 'sts:RoleSessionName': 'b*' } }),
    {},
    false,
  ],
  [
    'asks for a source identity',
    when({ StringLike: { 'sts:SourceIdentity': '*' } }),
    { SourceIdentity: 'bob' },
    true,
  ],
  [
    'asks for a source identity, and none came',
    when({ StringLike: { 'sts:SourceIdentity': '*' } }),
    {},
    false,
  ],
  [
    'asks for a source identity if there is one',
    when({ StringEqualsIfExists: { 'sts:SourceIdentity': 'bob' } }),
    {},
    true,
  ],
  [
    'asks for another source identity if there is one',
    when({ StringEqualsIfExists: { 'sts:SourceIdentity': 'al' } }),
    { SourceIdentity: 'bob' },
    false,
  ],
  [
    'refuses a source identity',
    when({ StringNotEquals: { 'sts:SourceIdentity': 'bob' } }),
    { SourceIdentity: 'bob' },
    false,
  ],
  [
    'refuses a source identity, and none came',
    when({ StringNotEquals: { 'sts:SourceIdentity': 'bob' } }),
    {},
    true,
  ],
  [
    'refuses several',
    when({ StringNotEquals: { 'sts:SourceIdentity': ['al', 'bob'] } }),
    { SourceIdentity: 'bob' },
    false,
  ],
  [
    'ignores case when told so',
    when({ StringEqualsIgnoreCase: { 'sts:RoleSessionName': 'BOB' } }),
    {},
    true,
  ],

  [
    'asks for the account',
    when({ StringEquals: { 'aws:PrincipalAccount': '111111111111' } }),
    {},
    true,
  ],
  [
    'asks for the ARN',
    when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/postern-*' } }),
    {},
    true,
  ],
  [
    'asks for another ARN',
    when({ ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' } }),
    {},
    false,
  ],
  ['asks for MFA', when({ Bool: { 'aws:MultiFactorAuthPresent': 'true' } }), {}, false],
  [
    'asks for MFA if it says',
    when({ BoolIfExists: { 'aws:MultiFactorAuthPresent': 'true' } }),
    {},
    true,
  ],
  [
    'asks for TLS, which there is not',
    when({ Bool: { 'aws:SecureTransport': 'true' } }),
    {},
    false,
  ],
  [
    'asks for an address here',
    when({ IpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1/128'] } }),
    {},
    true,
  ],
  ['asks for another address', when({ IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } }), {}, false],
  [
    'asks for a nonsense network',
    when({ IpAddress: { 'aws:SourceIp': ['127.0.0.0/99', 'x'] } }),
    {},
    false,
  ],
  [
    'refuses addresses',
    when({ NotIpAddress: { 'aws:SourceIp': ['127.0.0.0/8', '::1/128'] } }),
    {},
    false,
  ],
  ['ended', when({ DateLessThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }), {}, false],
  ['began', when({ DateGreaterThan: { 'aws:CurrentTime': '2020-01-01T00:00:00Z' } }), {}, true],
  ['counts seconds', when({ NumericGreaterThan: { 'aws:EpochTime': '1600000000' } }), {}, true],
  [
    'has two conditions, of which one fails',
    when({ StringEquals: { 'sts:ExternalId': 'xyz', 'sts:RoleSessionName': 'al' } }),
    { ExternalId: 'xyz' },
    false,
  ],

  [
    'has an operator nobody knows',
    when({ StringResembles: { 'sts:RoleSessionName': 'bob' } }),
    {},
    false,
  ],
  ['has a key nobody knows', when({ StringNotEquals: { 'aws:Unheard': 'x' } }), {}, false],
  [
    'has a key nobody knows, if it exists',
    when({ StringEqualsIfExists: { 'aws:Unheard': 'x' } }),
    {},
    false,
  ],
  [
    'compares a list without a quantifier',
    when({ StringEquals: { 'aws:TagKeys': 'a' } }),
    {
      Tags: [
        { Key: 'a', Value: '' },
        { Key: 'b', Value: '' },
      ],
    },
    false,
  ],
  [
    'denies by a key nobody knows',
    policy(trusts(BASE_USER), {
      ...trusts('*'),
      Effect: 'Deny',
      Condition: { StringEquals: { 'aws:Unheard': 'x' } },
    }),
    {},
    false,
  ],
  [
    'denies by an operator nobody knows',
    policy(trusts(BASE_USER), {
      ...trusts('*'),
      Effect: 'Deny',
      Condition: { Perhaps: { 'sts:RoleSessionName': 'x' } },
    }),
    {},
    false,
  ],
  [
    'denies by a condition that fails',
    policy(trusts(BASE_USER), {
      ...trusts('*'),
      Effect: 'Deny',
      Condition: { StringEquals: { 'sts:RoleSessionName': 'al' } },
    }),
    {},
    true,
  ],
]

describeTrust('a trust policy that', cases)
