import {
  AssumeRoleCommand,
  GetCallerIdentityCommand,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { assume, keysOf, refusalOf, stsClient } from './sdk.ts'
import {
  arn,
  BASE_USER,
  INACTIVE_KEY,
  policy,
  role,
  ROOT_KEY,
  trusts,
  worldWith,
} from './test-world.ts'

const world = worldWith(
  [
    role('ReadOnly', policy(trusts(BASE_USER))),
    role('Short', policy(trusts(BASE_USER)), { maxSessionDuration: 3600 }),
    role('Pathed', policy(trusts(BASE_USER)), { path: '/team/ops/' }),
    role('NoTags', policy({ ...trusts(BASE_USER), Action: 'sts:AssumeRole' })),
  ],
  [role('There', policy(trusts(BASE_USER)))],
)

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world })
})
afterAll(() => aws.close())

describe('AssumeRole', () => {
  test('answers with credentials whose caller is the role session', async () => {
    const before = Math.floor(Date.now() / 1000)
    const answer = await assume(aws.url, { RoleArn: arn('ReadOnly'), DurationSeconds: 43_200 })
    const keys = keysOf(answer)
    expect(keys.accessKeyId).toMatch(/^ASIA[A-Z2-7]{16}$/)
    expect(keys.secretAccessKey).toHaveLength(40)
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111111111111:assumed-role/ReadOnly/bob')
    expect(answer.AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA\d{17}:bob$/)
    const seconds = (answer.Credentials?.Expiration?.getTime() ?? 0) / 1000
    expect(seconds - before).toBeGreaterThanOrEqual(43_200)
    expect(seconds - before).toBeLessThanOrEqual(43_205)
    const who = await stsClient(aws.url, keys).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe(answer.AssumedRoleUser?.Arn)
    expect(who.UserId).toBe(answer.AssumedRoleUser?.AssumedRoleId)
    expect(who.Account).toBe('111111111111')
  })

  test('lasts an hour unless asked', async () => {
    const answer = await assume(aws.url, { RoleArn: arn('ReadOnly') })
    const seconds = ((answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000
    expect(seconds).toBeGreaterThan(3590)
    expect(seconds).toBeLessThanOrEqual(3600)
  })

  test('takes source identity, tags and policies', async () => {
    const answer = await assume(aws.url, {
      RoleArn: arn('ReadOnly'),
      SourceIdentity: 'bob',
      Tags: [
        { Key: 'Cost Center', Value: 'R+D = Ärzte' },
        { Key: 'empty', Value: '' },
      ],
      PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }],
      Policy: JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' })),
    })
    expect(answer.SourceIdentity).toBe('bob')
  })

  test('drops the path of a role from the ARN of its session', async () => {
    const answer = await assume(aws.url, { RoleArn: arn('team/ops/Pathed') })
    expect(answer.AssumedRoleUser?.Arn).toBe('arn:aws:sts::111111111111:assumed-role/Pathed/bob')
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Pathed') }))).toMatch(
      /^403 AccessDenied/,
    )
  })

  test('records what it issued, without secrets', async () => {
    const answer = await assume(aws.url, {
      RoleArn: arn('There', '222222222222'),
      RoleSessionName: 'alice@corp.example',
      SourceIdentity: 'alice',
      DurationSeconds: 900,
    })
    const entry = aws.issued().at(-1)
    expect(entry).toStrictEqual({
      time: expect.any(String) as string,
      api: 'AssumeRole',
      accessKeyId: answer.Credentials?.AccessKeyId,
      roleArn: arn('There', '222222222222'),
      assumedRoleArn: 'arn:aws:sts::222222222222:assumed-role/There/alice@corp.example',
      roleSessionName: 'alice@corp.example',
      sourceIdentity: 'alice',
      durationSeconds: 900,
      requestId: answer.$metadata.requestId,
    })
  })
})

describe('who may not', () => {
  const denied = (action: string, resource: string): string =>
    `403 AccessDenied: User: ${BASE_USER} is not authorized to perform: ${action} on resource: ${resource}`

  test('cannot tell a missing role from a forbidden one', async () => {
    for (const name of ['Missing', 'readonly', 'Missing/../ReadOnly']) {
      const call = assume(aws.url, { RoleArn: arn(name) })
      expect(await refusalOf(call)).toBe(denied('sts:AssumeRole', arn(name)))
    }
  })

  test('cannot reach a role of another partition', async () => {
    const elsewhere = arn('ReadOnly').replace('aws', 'aws-us-gov')
    expect(await refusalOf(assume(aws.url, { RoleArn: elsewhere }))).toBe(
      denied('sts:AssumeRole', elsewhere),
    )
  })

  test('is told which permission the trust policy lacks', async () => {
    const RoleArn = arn('NoTags')
    await assume(aws.url, { RoleArn })
    expect(await refusalOf(assume(aws.url, { RoleArn, Tags: [{ Key: 'a', Value: 'b' }] }))).toBe(
      denied('sts:TagSession', RoleArn),
    )
    expect(await refusalOf(assume(aws.url, { RoleArn, SourceIdentity: 'bob' }))).toBe(
      denied('sts:SetSourceIdentity', RoleArn),
    )
  })

  test('is refused as the root user', async () => {
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('ReadOnly') }, ROOT_KEY))).toBe(
      '403 AccessDenied: Roles may not be assumed by root accounts.',
    )
  })

  test('is refused with an inactive key', async () => {
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('ReadOnly') }, INACTIVE_KEY))).toMatch(
      /^403 InvalidClientTokenId/,
    )
  })

  test('is refused with an MFA code, for there are no devices', async () => {
    const call = assume(aws.url, {
      RoleArn: arn('ReadOnly'),
      SerialNumber: 'arn:aws:iam::111111111111:mfa/x',
      TokenCode: '123456',
    })
    expect(await refusalOf(call)).toMatch(/^403 AccessDenied: MultiFactorAuthentication failed/)
  })

  test('is refused in a region that the account of the role has not activated', async () => {
    const input = { RoleArn: arn('There', '222222222222'), RoleSessionName: 'bob' }
    const client = stsClient(aws.url, undefined, 'ap-east-1')
    expect(await refusalOf(client.send(new AssumeRoleCommand(input)))).toMatch(
      /^403 RegionDisabled: STS is not activated in this region for account:222222222222\./,
    )
    const home = { ...input, RoleArn: arn('ReadOnly') }
    await client.send(new AssumeRoleCommand(home))
  })

  test('leaves no line in the record', async () => {
    const before = aws.issued().length
    await refusalOf(assume(aws.url, { RoleArn: arn('Missing') }))
    expect(aws.issued()).toHaveLength(before)
  })
})

describe('the duration', () => {
  const tooLong =
    '400 ValidationError: The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'

  test.each([
    [20, "Value '20'", 'greater than or equal to 900'],
    [899, "Value '899'", 'greater than or equal to 900'],
    [43_201, "Value '43201'", 'less than or equal to 43200'],
    [-1, "Value '-1'", 'greater than or equal to 900'],
  ])('of %i seconds breaks the bounds of the API', async (DurationSeconds, value, bound) => {
    const call = assume(aws.url, { RoleArn: arn('ReadOnly'), DurationSeconds })
    expect(await refusalOf(call)).toBe(
      `400 ValidationError: 1 validation error detected: ${value} at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
    )
  })

  test('may not exceed the maximum of the role', async () => {
    const RoleArn = arn('Short')
    await assume(aws.url, { RoleArn, DurationSeconds: 3600 })
    expect(await refusalOf(assume(aws.url, { RoleArn, DurationSeconds: 3601 }))).toBe(tooLong)
  })

  test('is not what tells that a role exists', async () => {
    const call = assume(aws.url, { RoleArn: arn('Missing'), DurationSeconds: 43_200 })
    expect(await refusalOf(call)).toMatch(/^403 AccessDenied/)
  })
})

describe('GetSessionToken', () => {
  test('gives credentials of the user itself, which may still assume roles', async () => {
    const answer = await stsClient(aws.url).send(new GetSessionTokenCommand({}))
    const keys = keysOf({ ...answer, $metadata: {} })
    const who = await stsClient(aws.url, keys).send(new GetCallerIdentityCommand({}))
    expect(who.Arn).toBe(BASE_USER)
    await assume(aws.url, { RoleArn: arn('ReadOnly'), DurationSeconds: 43_200 }, keys)
    const again = stsClient(aws.url, keys).send(new GetSessionTokenCommand({}))
    expect(await refusalOf(again)).toMatch(/^403 AccessDenied/)
  })

  test('ends within the hour for the root user', async () => {
    const client = stsClient(aws.url, ROOT_KEY)
    const answer = await client.send(new GetSessionTokenCommand({ DurationSeconds: 129_600 }))
    const seconds = ((answer.Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 1000
    expect(seconds).toBeLessThanOrEqual(3600)
  })
})
