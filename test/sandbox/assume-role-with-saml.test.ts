import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { nameQualifier } from '../../sandbox/sts/saml/subject.ts'
import { xmlField } from './raw-http.ts'
import { assume, keysOf, refusalOf, stsClient } from './sdk.ts'
import {
  type AssertionPlan,
  awsAttributes,
  IDP,
  plan,
  PROVIDER,
  RECIPIENT,
  SAML_ROLE,
  samlResponse,
  type SigningPlan,
} from './saml-signer.ts'
import {
  assumeWithSaml,
  forRoles,
  postSaml,
  samlAnswer,
  samlWorld,
  trustsProvider,
} from './saml-world.ts'
import { arn, policy, role, trusts } from './test-world.ts'

// The AWS SDK signs with the real time.
const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
const DENIED = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML'

let clock = NOW
let aws: Sandbox
beforeAll(async () => {
  const roles = [
    role('Short', policy(trustsProvider()), { maxSessionDuration: 3600 }),
    role('Next', policy(trusts(arn('Saml')))),
    role(
      'Department',
      policy(
        trustsProvider({
          Condition: {
            StringEquals: {
              'saml:iss': IDP,
              'saml:sub': 'u-4711',
              'saml:sub_type': 'persistent',
              'saml:doc': '111111111111/Corp',
              'saml:namequalifier': nameQualifier(IDP, {
                account: { id: '111111111111' },
                name: 'Corp',
              }),
              'saml:mail': 'alice@corp.example',
              'aws:RequestTag/Department': 'Finance',
              'sts:RoleSessionName': 'alice',
              'sts:SourceIdentity': 'alice',
            },
            'ForAnyValue:StringEquals': { 'saml:eduPersonAffiliation': 'staff' },
          },
        }),
      ),
    ),
  ]
  aws = await startSandbox({ world: samlWorld(roles), now: () => clock })
})
afterAll(() => aws.close())

function response(more: Partial<AssertionPlan> = {}, signing: Partial<SigningPlan> = {}): string {
  return samlResponse(plan(NOW, more), signing)
}

async function answerTo(more: Partial<AssertionPlan>, fields = {}): Promise<string> {
  return await samlAnswer(aws.url, response(more), fields)
}

describe('a genuine assertion', () => {
  test('becomes a role session, by the AWS SDK and without a signature', async () => {
    const answer = await assumeWithSaml(aws.url, { SAMLAssertion: response() })
    expect(answer).toMatchObject({
      AssumedRoleUser: {
        Arn: 'arn:aws:sts::111111111111:assumed-role/Saml/alice',
        AssumedRoleId: expect.stringMatching(/^AROA\w{17}:alice$/) as string,
      },
      Subject: 'u-4711',
      SubjectType: 'persistent',
      Issuer: IDP,
      Audience: RECIPIENT,
      NameQualifier: nameQualifier(IDP, { account: { id: '111111111111' }, name: 'Corp' }),
    })
    expect(answer.Credentials?.Expiration?.getTime()).toBe(NOW.getTime() + 3600_000)
    expect(answer).not.toHaveProperty('PackedPolicySize')
    expect(answer).not.toHaveProperty('SourceIdentity')
    const who = await stsClient(aws.url, keysOf(answer)).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe('arn:aws:sts::111111111111:assumed-role/Saml/alice')
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'AssumeRoleWithSAML',
      accessKeyId: answer.Credentials?.AccessKeyId,
      roleArn: SAML_ROLE,
      durationSeconds: 3600,
    })
  })

  test.each(['assertion', 'response', 'both'] as const)('may be signed as %s', async (what) => {
    for (const algorithm of ['sha256', 'sha512'] as const) {
      expect(await samlAnswer(aws.url, response({}, { what, algorithm }))).toBe('200')
    }
  })

  test('works again and again until its five minutes are over, and for every role it names', async () => {
    const assertion = response({
      attributes: awsAttributes({ Role: [`${SAML_ROLE},${PROVIDER}`, ...forRoles('Short')] }),
      ends: 900,
      conditionsEnd: 900,
    })
    expect(await samlAnswer(aws.url, assertion)).toBe('200')
    clock = new Date(NOW.getTime() + 300_000)
    expect(await samlAnswer(aws.url, assertion, { RoleArn: arn('Short') })).toBe('200')
    clock = new Date(NOW.getTime() + 300_001)
    expect(await samlAnswer(aws.url, assertion)).toBe(
      '400 ExpiredTokenException: Token must be redeemed within 5 minutes of issuance',
    )
    clock = NOW
  })

  test('carries tags and source identity, the transitive ones through the next role', async () => {
    const assertion = response({
      attributes: awsAttributes({
        SourceIdentity: ['alice'],
        'PrincipalTag:Team': ['Ops'],
        'PrincipalTag:Cost Center': ['R+D'],
        TransitiveTagKeys: ['Team'],
      }),
    })
    const answer = await assumeWithSaml(aws.url, { SAMLAssertion: assertion })
    expect(answer).toMatchObject({
      SourceIdentity: 'alice',
      PackedPolicySize: expect.any(Number) as number,
    })
    const keys = keysOf(answer)
    const next = await assume(aws.url, { RoleArn: arn('Next') }, keys)
    expect(next.SourceIdentity).toBe('alice')
    const again = { RoleArn: arn('Next'), Tags: [{ Key: 'team', Value: 'Other' }] }
    expect(await refusalOf(assume(aws.url, again, keys))).toMatch(
      /^400 InvalidParameterValue: One of the specified transitive tag keys can't be set/,
    )
    const long = { RoleArn: arn('Next'), DurationSeconds: 3601 }
    expect(await refusalOf(assume(aws.url, long, keys))).toMatch(/1 hour session limit/)
  })

  test('opens conditions on what it says', async () => {
    const attributes = [
      ...awsAttributes({
        Role: forRoles('Department'),
        SourceIdentity: ['alice'],
        'PrincipalTag:Department': ['Finance'],
      }),
      ['urn:oid:1.3.6.1.4.1.5923.1.1.1.1', ['member', 'staff']],
      [
        'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress',
        ['alice@corp.example'],
      ],
    ] as const
    const RoleArn = arn('Department')
    expect(await answerTo({ attributes }, { RoleArn })).toBe('200')
    expect(await answerTo({ attributes, nameId: 'u-4712' }, { RoleArn })).toBe(DENIED)
    const others = attributes.filter(([name]) => !name.startsWith('urn:oid'))
    expect(await answerTo({ attributes: others }, { RoleArn })).toBe(DENIED)
  })

  test('keeps a format of another version of SAML whole', async () => {
    const nameIdFormat = 'urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress'
    const { body } = await postSaml(aws.url, response({ nameIdFormat }))
    expect(xmlField(body, 'SubjectType')).toBe(nameIdFormat)
    expect(xmlField(body, 'Audience')).toBe(RECIPIENT)
  })

  test('names roles in either order, with spaces, beside values that are none', async () => {
    const Role = ['nonsense', ` ${PROVIDER} , ${SAML_ROLE} `, `${SAML_ROLE},${SAML_ROLE}`]
    expect(await answerTo({ attributes: awsAttributes({ Role }) })).toBe('200')
  })

  test('lasts as its duration says, which assertion and provider session can only shorten', async () => {
    const lasting = async (
      more: Partial<AssertionPlan>,
      DurationSeconds?: number,
    ): Promise<number> => {
      const SAMLAssertion = response(more)
      const input = DurationSeconds === undefined ? {} : { DurationSeconds }
      const { Credentials } = await assumeWithSaml(aws.url, { SAMLAssertion, ...input })
      return ((Credentials?.Expiration?.getTime() ?? 0) - NOW.getTime()) / 1000
    }
    const sessionDuration = { attributes: awsAttributes({ SessionDuration: ['1800'] }) }
    expect(await lasting({}, 43_200)).toBe(43_200)
    expect(await lasting(sessionDuration, 43_200)).toBe(1800)
    expect(await lasting(sessionDuration, 900)).toBe(900)
    expect(await lasting({ attributes: awsAttributes({ SessionDuration: ['43200'] }) })).toBe(3600)
    expect(await lasting({ sessionEnds: 1000 })).toBe(1000)
    expect(await lasting({ ...sessionDuration, sessionEnds: 7200 }, 7200)).toBe(1800)
  })
})

test('the NameQualifier is that of the STS API reference', () => {
  const provider = { account: { id: '123456789012' }, name: 'MySAMLIdP' }
  expect(nameQualifier('https://example.com/saml', provider)).toBe('1uAJanUnBc2XeUkHURMht+xam2c=')
})
