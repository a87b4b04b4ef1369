import { GetCallerIdentityCommand } from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { assume, keysOf, refusalOf, stsClient, type AssumeRoleInput } from './sdk.ts'

const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox()
})
afterAll(() => aws.close())

function refused(input: AssumeRoleInput): Promise<string> {
  return refusalOf(assume(aws.url, { RoleArn, ...input }))
}

function invalid(value: string, name: string, constraint: string): string {
  return `400 ValidationError: 1 validation error detected: ${value} at '${name}' failed to satisfy constraint: ${constraint}`
}

describe('the role ARN', () => {
  test.each([
    'arn:aws:iam::111111111111:user/bob',
    'arn:aws:sts::111111111111:assumed-role/R/s',
    'arn:aws:iam::11111111111:role/ReadOnly',
    'arn:aws:iam::111111111111:role/',
    'arn:aws:iam::111111111111:role/a b',
    'this is not an ARN at all',
  ])('%s is invalid', async (bad) => {
    expect(await refused({ RoleArn: bad })).toBe(`400 ValidationError: ${bad} is invalid`)
  })

  test('has a least length', async () => {
    expect(await refused({ RoleArn: 'arn' })).toBe(
      invalid("Value 'arn'", 'roleArn', 'Member must have length greater than or equal to 20'),
    )
  })
})

describe('the role session name', () => {
  test.each(['bob', 'a=b', 'first.last@corp.example', 'x'.repeat(64), 'a_b,c+d-e'])(
    'may be %s',
    async (RoleSessionName) => {
      const answer = await assume(aws.url, { RoleArn, RoleSessionName })
      expect(answer.AssumedRoleUser?.Arn?.split('/').at(-1)).toBe(RoleSessionName)
    },
  )

  test.each(['bob smith', 'bob/x', 'börje', 'a:b', 'a\nb', "a'b"])(
    'may not be "%s"',
    async (RoleSessionName) => {
      expect(await refused({ RoleSessionName })).toContain(
        String.raw`at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*`,
      )
    },
  )

  test('has two to sixty-four characters', async () => {
    expect(await refused({ RoleSessionName: 'x' })).toBe(
      invalid("Value 'x'", 'roleSessionName', 'Member must have length greater than or equal to 2'),
    )
    expect(await refused({ RoleSessionName: 'x'.repeat(65) })).toContain(
      'Member must have length less than or equal to 64',
    )
  })
})

test('all faults come in one answer', async () => {
  const answer = await refused({
    RoleSessionName: '!',
    DurationSeconds: 1,
    SourceIdentity: 'aws:x',
  })
  expect(answer).toMatch(/^400 ValidationError: 5 validation errors detected: /)
  expect(answer.split('; ')).toHaveLength(5)
})

describe('tags', () => {
  const tags = (...keys: string[]): AssumeRoleInput => ({
    Tags: keys.map((Key) => ({ Key, Value: 'v' })),
  })

  test('differ by more than case', async () => {
    expect(await refused(tags('Team', 'TEAM'))).toBe(
      '400 InvalidParameterValue: Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    )
  })

  test('that shall be transitive are among those sent', async () => {
    expect(await refused({ ...tags('Team'), TransitiveTagKeys: ['Other'] })).toBe(
      '400 InvalidParameterValue: The specified transitive tag key must be included in the requested tags.',
    )
    await assume(aws.url, { RoleArn, ...tags('Team'), TransitiveTagKeys: ['team'] })
  })

  test('are at most fifty', async () => {
    const many = Array.from({ length: 51 }, (_, i) => `k${i}`)
    await assume(aws.url, { RoleArn, ...tags(...many.slice(1)) })
    expect(await refused(tags(...many))).toContain(
      "Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
    )
  })

  test.each([
    ['x'.repeat(129), 'v', 'tags.1.member.key'],
    ['a*b', 'v', 'tags.1.member.key'],
    ['', 'v', 'tags.1.member.key'],
    ['key', 'x'.repeat(257), 'tags.1.member.value'],
    ['key', 'a;b', 'tags.1.member.value'],
  ])('have keys and values of a certain form: %s', async (Key, Value, name) => {
    expect(await refused({ Tags: [{ Key, Value }] })).toContain(`at '${name}' failed to satisfy`)
  })

  test('leave the prefix aws: alone', async () => {
    expect(await refused(tags('AWS:x'))).toMatch(/^400 InvalidParameterValue/)
  })
})

describe('a session policy', () => {
  const packed = { Effect: 'Allow', Action: 's3:GetObject', Resource: '*' }

  test.each(['not JSON', '{', "{'Version': '2012-10-17'}"])(
    'that is %s is malformed',
    async (Policy) => {
      expect(await refused({ Policy })).toBe(
        '400 MalformedPolicyDocument: The policy is not in the valid JSON format.',
      )
    },
  )

  test.each([
    [{}],
    [[]],
    ['text'],
    [{ Version: '2012-10-17' }],
    [{ Version: '2012-10-17', Statement: [] }],
    [{ Version: '2020-01-01', Statement: [packed] }],
    [{ Version: '2012-10-17', Statement: [{ ...packed, Effect: 'Perhaps' }] }],
    [{ Version: '2012-10-17', Statement: [{ ...packed, Principal: '*' }] }],
    [{ Version: '2012-10-17', Statement: [{ ...packed, Resource: undefined }] }],
    [{ Version: '2012-10-17', Statement: [{ ...packed, Acton: 'x' }] }],
  ])('%j has syntax errors', async (json) => {
    expect(await refused({ Policy: JSON.stringify(json) })).toBe(
      '400 MalformedPolicyDocument: Syntax errors in policy.',
    )
  })

  test('may be 2048 characters long, ARNs included', async () => {
    const text = JSON.stringify({ Version: '2012-10-17', Statement: packed })
    await assume(aws.url, { RoleArn, Policy: text.padEnd(2048) })
    expect(await refused({ Policy: text.padEnd(2049) })).toMatch(/^400 ValidationError/)
    const PolicyArns = [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }]
    expect(await refused({ Policy: text.padEnd(2048), PolicyArns })).toMatch(/^400 ValidationError/)
  })

  test('may name ten managed policies', async () => {
    const arns = Array.from({ length: 11 }, (_, i) => ({ arn: `arn:aws:iam::aws:policy/P${i}` }))
    await assume(aws.url, { RoleArn, PolicyArns: arns.slice(1) })
    expect(await refused({ PolicyArns: arns })).toContain(
      "Value at 'policyArns' failed to satisfy constraint: Member must have length less than or equal to 10",
    )
    expect(await refused({ PolicyArns: [{ arn: RoleArn }] })).toBe(
      `400 ValidationError: ${RoleArn} is invalid`,
    )
  })

  test('that does not fit once packed is too large', async () => {
    const noise = (i: number): string =>
      Array.from({ length: 120 }, (_, j) =>
        String.fromCharCode(97 + ((i * 31 + j * j * 7) % 26)),
      ).join('')
    const Tags = Array.from({ length: 50 }, (_, i) => ({ Key: `key${i}`, Value: noise(i) }))
    await using tight = await startSandbox({ switches: { packedPolicyLimit: 200 } })
    expect(await refusalOf(assume(tight.url, { RoleArn, Tags }))).toMatch(
      /^400 PackedPolicyTooLarge: Packed policy consumes \d{3,}% of allotted space/,
    )
  })
})

test('an external ID has a form, and is welcome where nobody asks for it', async () => {
  await assume(aws.url, { RoleArn, ExternalId: 'a:b/c-1' })
  expect(await refused({ ExternalId: 'a b' })).toContain("at 'externalId' failed to satisfy")
  expect(await refused({ ExternalId: 'x' })).toContain('greater than or equal to 2')
})

test('a session token is as large as asked, up to 4096 bytes, and says so', async () => {
  const usual = await assume(aws.url, { RoleArn })
  expect(usual.SessionTokenSize).toBe(usual.Credentials?.SessionToken?.length)
  const large = await assume(aws.url, { RoleArn, MinimumSessionTokenSize: 4096 })
  expect(large.SessionTokenSize).toBeGreaterThanOrEqual(4096)
  expect(large.SessionTokenUtilization).toBe(100)
  const who = await stsClient(aws.url, keysOf(large)).send(new GetCallerIdentityCommand({}))
  expect(who.Arn).toBe('arn:aws:sts::111111111111:assumed-role/ReadOnly/bob')
  expect(await refused({ MinimumSessionTokenSize: 4097 })).toContain('less than or equal to 4096')
})
