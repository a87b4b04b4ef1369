import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import {
  type AssertionPlan,
  awsAttributes,
  idpMetadata,
  plan,
  PROVIDER,
  SAML_ROLE,
  samlResponse,
  type SigningPlan,
  strangerKey,
} from './saml-signer.ts'
import { forRoles, samlAnswer, samlWorld, trustsProvider } from './saml-world.ts'
import { arn, BASE_USER, policy, role, trusts } from './test-world.ts'

const NOW = new Date('2026-11-20T12:00:00Z')
const DENIED = '403 AccessDenied: Not authorized to perform sts:AssumeRoleWithSAML'
const BACK_END = (code: string): string =>
  ` \\(Service: AWSOpenIdDiscoveryService; Status Code: 400; Error Code: ${code}; Request ID: [0-9a-f-]{36}; Proxy: null\\)$`
const invalid = (message: string): RegExp =>
  new RegExp(
    `^400 InvalidIdentityToken: ${message}${BACK_END('AuthSamlInvalidSamlResponseException')}`,
  )

let aws: Sandbox
beforeAll(async () => {
  const roles = [
    role('Short', policy(trustsProvider()), { maxSessionDuration: 3600 }),
    role('NoTags', policy(trustsProvider({ Action: 'sts:AssumeRoleWithSAML' }))),
    role('NoAudience', policy(trustsProvider({ Condition: {} }))),
    role('OnlyUsers', policy(trusts(BASE_USER))),
    role('AWSReservedSSO_Admin_0123456789abcdef', policy(trustsProvider())),
  ]
  aws = await startSandbox({ world: samlWorld(roles), now: () => NOW })
})
afterAll(() => aws.close())

function response(more: Partial<AssertionPlan> = {}, signing: Partial<SigningPlan> = {}): string {
  return samlResponse(plan(NOW, more), signing)
}

async function answerTo(more: Partial<AssertionPlan>, fields = {}): Promise<string> {
  return await samlAnswer(aws.url, response(more), fields)
}

describe('AWS refuses', () => {
  test.each<readonly [string, Partial<AssertionPlan>, string | RegExp]>([
    [
      'an old assertion',
      { issued: -301 },
      '400 ExpiredTokenException: Token must be redeemed within 5 minutes of issuance',
    ],
    ['one of the future', { issued: 301 }, /^400 InvalidIdentityToken: /],
    ['one that is not yet valid', { notBefore: 301 }, /^400 InvalidIdentityToken: /],
    ['ended conditions', { conditionsEnd: 0 }, /^400 ExpiredTokenException: /],
    ['an ended confirmation', { ends: 0 }, /^400 ExpiredTokenException: /],
    ['an ended session at the provider', { sessionEnds: 0 }, /^400 ExpiredTokenException: /],
    [
      'another audience',
      { audiences: [['https://broker.example']] },
      '400 InvalidIdentityToken: Response does not contain the required audience.',
    ],
    [
      'no audience',
      { audiences: [] },
      '400 InvalidIdentityToken: Response does not contain the required audience.',
    ],
    [
      'a second restriction to others',
      { audiences: [['urn:amazon:webservices'], ['https://broker.example']] },
      '400 InvalidIdentityToken: Response does not contain the required audience.',
    ],
    [
      'another recipient than the trust policy names',
      { recipient: 'https://signin.aws.amazon.com/saml' },
      DENIED,
    ],
    ['no recipient', { recipient: undefined }, invalid('Invalid SAMLResponse')],
    ['no confirmation', { confirmations: 0 }, invalid('Invalid SAMLResponse')],
    ['two confirmations', { confirmations: 2 }, invalid('Invalid SAMLResponse')],
    [
      'holder-of-key',
      { method: 'urn:oasis:names:tc:SAML:2.0:cm:holder-of-key' },
      invalid('Invalid SAMLResponse'),
    ],
    ['no NameID', { nameId: undefined }, DENIED],
    ['an empty NameID', { nameId: '' }, DENIED],
    [
      'another issuer',
      { issuer: 'https://other.example' },
      invalid('Issuer not present in specified provider'),
    ],
    [
      'another issuer of the response',
      { responseIssuer: 'https://other.example' },
      invalid('Issuer not present in specified provider'),
    ],
    ['a failed sign-in', { status: 'Responder' }, invalid('Invalid SAMLResponse')],
    ['another version', { version: '1.1' }, invalid('Invalid SAMLResponse')],
    [
      'no RoleSessionName',
      { attributes: awsAttributes({ RoleSessionName: undefined }) },
      '400 InvalidIdentityToken: RoleSessionName is required in AuthnResponse',
    ],
    [
      'a RoleSessionName with a space',
      { attributes: awsAttributes({ RoleSessionName: ['Alice Anders'] }) },
      '400 InvalidIdentityToken: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ],
    [
      'a RoleSessionName of 65',
      { attributes: awsAttributes({ RoleSessionName: ['a'.repeat(65)] }) },
      '400 InvalidIdentityToken: RoleSessionName in AuthnResponse must match [a-zA-Z_0-9+=,.@-]{2,64}',
    ],
    [
      'two RoleSessionNames',
      { attributes: awsAttributes({ RoleSessionName: ['alice', 'bob'] }) },
      /^400 InvalidIdentityToken: /,
    ],
    [
      'a source identity of aws:',
      { attributes: awsAttributes({ SourceIdentity: ['aws:alice'] }) },
      '400 InvalidIdentityToken: Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    ],
    [
      'a short SessionDuration',
      { attributes: awsAttributes({ SessionDuration: ['899'] }) },
      /^400 InvalidIdentityToken: /,
    ],
    [
      'a SessionDuration that is no number',
      { attributes: awsAttributes({ SessionDuration: ['1e4'] }) },
      /^400 InvalidIdentityToken: /,
    ],
    [
      'a tag with two values',
      { attributes: awsAttributes({ 'PrincipalTag:Team': ['a', 'b'] }) },
      /^400 InvalidIdentityToken: /,
    ],
    [
      'a tag with illegal characters',
      { attributes: awsAttributes({ 'PrincipalTag:Team': ['a(b)'] }) },
      /^400 InvalidIdentityToken: /,
    ],
    [
      'tags that differ in case',
      { attributes: awsAttributes({ 'PrincipalTag:Team': ['a'], 'PrincipalTag:team': ['b'] }) },
      /^400 InvalidParameterValue: Duplicate tag keys found/,
    ],
    [
      'a transitive key without tag',
      { attributes: awsAttributes({ TransitiveTagKeys: ['Team'] }) },
      /^400 InvalidParameterValue: /,
    ],
    [
      'a Role attribute in other case',
      {
        attributes: [
          ...awsAttributes({ Role: undefined }),
          ['https://aws.amazon.com/SAML/Attributes/role', [`${SAML_ROLE},${PROVIDER}`]],
        ],
      },
      DENIED,
    ],
    [
      'a role that is not in the assertion',
      { attributes: awsAttributes({ Role: forRoles('Short') }) },
      DENIED,
    ],
    [
      'a role paired with another provider',
      { attributes: awsAttributes({ Role: [`${SAML_ROLE},${PROVIDER}2`] }) },
      DENIED,
    ],
  ])('%s', async (_, more, expected) => {
    const answer = await answerTo(more)
    if (typeof expected === 'string') expect(answer).toBe(expected)
    else expect(answer).toMatch(expected)
  })

  test.each([
    ['a role that does not exist', 'Nobody', {}],
    ['a role that trusts no provider', 'OnlyUsers', {}],
    ['tags without sts:TagSession', 'NoTags', { 'PrincipalTag:Team': ['Ops'] }],
    ['a source identity without sts:SetSourceIdentity', 'NoTags', { SourceIdentity: ['alice'] }],
    ["IAM Identity Center's roles", 'AWSReservedSSO_Admin_0123456789abcdef', {}],
  ])('%s', async (_, name, attributes) => {
    const named = awsAttributes({ Role: forRoles(name), ...attributes })
    expect(await answerTo({ attributes: named }, { RoleArn: arn(name) })).toBe(DENIED)
  })

  test('nothing of a role without conditions that the assertion names', async () => {
    const attributes = awsAttributes({ Role: forRoles('NoTags', 'NoAudience') })
    expect(await answerTo({ attributes }, { RoleArn: arn('NoTags') })).toBe('200')
    const recipient = 'https://elsewhere.example/acs'
    expect(await answerTo({ attributes, recipient }, { RoleArn: arn('NoAudience') })).toBe('200')
  })

  test('a provider that does not exist', async () => {
    const answer = await samlAnswer(aws.url, response(), { PrincipalArn: `${PROVIDER}2` })
    expect(answer).toMatch(
      new RegExp(
        `^400 InvalidIdentityToken: Specified provider doesn't exist${BACK_END('AuthSamlManifestNotFoundException')}`,
      ),
    )
  })

  test.each(['', 'not base64!', 'PHhtbD4', '////', Buffer.from('plain').toString('base64')])(
    'what is no response: "%s"',
    async (text) => {
      expect(await samlAnswer(aws.url, text)).toMatch(/^400 (InvalidIdentityToken|ValidationError)/)
    },
  )

  test('durations that the model or the role forbids', async () => {
    const DurationSeconds = (value: number): Record<string, string> => ({
      DurationSeconds: String(value),
    })
    expect(await answerTo({}, DurationSeconds(899))).toMatch(
      /^400 ValidationError: 1 validation error detected: Value '899' at 'durationSeconds'/,
    )
    expect(await answerTo({}, DurationSeconds(43_201))).toMatch(/less than or equal to 43200$/)
    const attributes = awsAttributes({ Role: forRoles('Short') })
    expect(
      await answerTo({ attributes }, { RoleArn: arn('Short'), ...DurationSeconds(3601) }),
    ).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  })

  test('parameters out of bounds, all in one', async () => {
    expect(await samlAnswer(aws.url, 'x', { RoleArn: 'short', PrincipalArn: 'short' })).toMatch(
      /^400 ValidationError: 3 validation errors detected: /,
    )
    expect(await samlAnswer(aws.url, 'A'.repeat(100_001))).toMatch(
      /^400 ValidationError: .*less than or equal to 100000$/,
    )
    const RoleArn = 'arn:aws:iam::111111111111:user/alice'
    expect(await answerTo({}, { RoleArn })).toBe(`400 ValidationError: ${RoleArn} is invalid`)
    const Policy = '{"Version":"2012-10-17"'
    expect(await answerTo({}, { Policy })).toMatch(/^400 MalformedPolicyDocument: /)
  })
})

describe('signatures', () => {
  const refused = invalid('Response signature invalid')

  test.each(['assertion', 'response', 'both'] as const)('of a stranger as %s', async (what) => {
    expect(await samlAnswer(aws.url, response({}, { what, key: strangerKey }))).toMatch(refused)
  })

  test('that are missing or made with SHA-1', async () => {
    expect(await samlAnswer(aws.url, response({}, { what: 'nothing' }))).toMatch(refused)
    expect(await samlAnswer(aws.url, response({}, { algorithm: 'sha1' }))).toMatch(refused)
    await using lenient = await startSandbox({
      world: samlWorld(),
      now: () => NOW,
      switches: { samlSha1: true },
    })
    expect(await samlAnswer(lenient.url, response({}, { algorithm: 'sha1' }))).toBe('200')
  })

  test('of any of the keys in the metadata, of which ten are the most', async () => {
    const metadata = idpMetadata([
      strangerKey.certificate,
      ...Array<string>(8).fill(strangerKey.certificate),
    ])
    await using other = await startSandbox({ world: samlWorld([], {}, metadata), now: () => NOW })
    expect(await samlAnswer(other.url, response())).toMatch(refused)
    expect(await samlAnswer(other.url, response({}, { key: strangerKey }))).toBe('200')
    const eleven = idpMetadata(Array<string>(11).fill(strangerKey.certificate))
    await expect(startSandbox({ world: samlWorld([], {}, eleven) })).rejects.toThrow(
      `${PROVIDER}: the metadata should hold 1 to 10 signing certificates`,
    )
  })
})
