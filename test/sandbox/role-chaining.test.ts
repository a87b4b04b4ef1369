import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { assume, keysOf, refusalOf, type AssumeRoleInput, type Keys } from './sdk.ts'
import { arn, BASE_USER, policy, role, trusts, worldWith } from './test-world.ts'

const mayAssume = policy({ Effect: 'Allow', Action: 'sts:*', Resource: '*' })
const SESSION = 'arn:aws:sts::111111111111:assumed-role/First/bob'
const world = worldWith(
  [
    role('First', policy(trusts(BASE_USER)), { policies: [mayAssume] }),
    role('Powerless', policy(trusts(BASE_USER))),
    role('Second', policy(trusts([arn('First'), arn('Powerless')]))),
    role('Third', policy(trusts(arn('Second')))),
    role('BySession', policy(trusts(SESSION))),
    role('ByAccount', policy(trusts('111111111111'))),
    role('Untagged', policy({ ...trusts(arn('First')), Action: 'sts:AssumeRole' })),
    role(
      'ByTag',
      policy(
        trusts(arn('First'), { Condition: { StringEquals: { 'aws:PrincipalTag/Team': 'ops' } } }),
      ),
    ),
  ],
  [role('There', policy(trusts(['111111111111'])))],
)

let aws: Sandbox
beforeAll(async () => {
  aws = await startSandbox({ world })
})
afterAll(() => aws.close())

async function first(input: AssumeRoleInput = {}, name = 'First'): Promise<Required<Keys>> {
  return keysOf(await assume(aws.url, { RoleArn: arn(name), DurationSeconds: 43_200, ...input }))
}

describe('a session that assumes another role', () => {
  test('gets one hour at most', async () => {
    const keys = await first()
    await assume(aws.url, { RoleArn: arn('Second'), DurationSeconds: 3600 }, keys)
    const longer = assume(aws.url, { RoleArn: arn('Second'), DurationSeconds: 3601 }, keys)
    expect(await refusalOf(longer)).toBe(
      '400 ValidationError: The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  })

  test('may be named by its own ARN, its role or its account', async () => {
    const keys = await first()
    for (const name of ['Second', 'BySession', 'ByAccount']) {
      await assume(aws.url, { RoleArn: arn(name) }, keys)
    }
    const other = await first({ RoleSessionName: 'alice' })
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('BySession') }, other))).toContain(
      'User: arn:aws:sts::111111111111:assumed-role/First/alice is not authorized',
    )
  })

  test("needs its role's permission where the trust policy does not name it", async () => {
    const keys = await first({}, 'Powerless')
    await assume(aws.url, { RoleArn: arn('Second') }, keys)
    for (const target of [arn('ByAccount'), arn('There', '222222222222')]) {
      expect(await refusalOf(assume(aws.url, { RoleArn: target }, keys))).toMatch(
        /^403 AccessDenied/,
      )
    }
  })

  test('can do no more than its session policy', async () => {
    const Policy = JSON.stringify(policy({ Effect: 'Allow', Action: 's3:*', Resource: '*' }))
    const narrow = await first({ Policy })
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Second') }, narrow))).toMatch(/^403/)
    const managed = (name: string): Promise<Required<Keys>> =>
      first({ PolicyArns: [{ arn: `arn:aws:iam::aws:policy/${name}` }] })
    expect(
      await refusalOf(assume(aws.url, { RoleArn: arn('Second') }, await managed('ReadOnlyAccess'))),
    ).toMatch(/^403/)
    await assume(aws.url, { RoleArn: arn('Second') }, await managed('AdministratorAccess'))
  })
})

describe('transitive tags', () => {
  const tagged = {
    Tags: [
      { Key: 'Team', Value: 'ops' },
      { Key: 'Note', Value: 'x' },
    ],
    TransitiveTagKeys: ['Team'],
  }

  test('cannot be set again further down, not even two roles later', async () => {
    const keys = await first(tagged)
    const conflict =
      "400 InvalidParameterValue: One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session."
    const Tags = [{ Key: 'TEAM', Value: 'admin' }]
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Second'), Tags }, keys))).toBe(conflict)
    const second = keysOf(await assume(aws.url, { RoleArn: arn('Second') }, keys))
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Third'), Tags }, second))).toBe(conflict)
  })

  test('leave the other tags free', async () => {
    const keys = await first(tagged)
    await assume(aws.url, { RoleArn: arn('Second'), Tags: [{ Key: 'Note', Value: 'y' }] }, keys)
  })

  test('need sts:TagSession on the next role too', async () => {
    await assume(aws.url, { RoleArn: arn('Untagged') }, await first())
    const keys = await first(tagged)
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Untagged') }, keys))).toContain(
      'is not authorized to perform: sts:TagSession',
    )
  })

  test('are what conditions on the principal see', async () => {
    await assume(aws.url, { RoleArn: arn('ByTag') }, await first(tagged))
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('ByTag') }, await first()))).toMatch(
      /^403/,
    )
  })
})

describe('a source identity', () => {
  test('goes with the session and stays what it is', async () => {
    const keys = await first({ SourceIdentity: 'bob' })
    const second = await assume(aws.url, { RoleArn: arn('Second') }, keys)
    expect(second.SourceIdentity).toBe('bob')
    const third = await assume(
      aws.url,
      { RoleArn: arn('Third'), SourceIdentity: 'bob' },
      keysOf(second),
    )
    expect(third.SourceIdentity).toBe('bob')
    const changed = assume(aws.url, { RoleArn: arn('Second'), SourceIdentity: 'alice' }, keys)
    expect(await refusalOf(changed)).toBe(
      '400 ValidationError: The source identity is already set for this assume role session',
    )
  })

  test('needs sts:SetSourceIdentity on the next role too', async () => {
    const keys = await first({ SourceIdentity: 'bob' })
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('Untagged') }, keys))).toContain(
      'is not authorized to perform: sts:SetSourceIdentity',
    )
  })
})

test('credentials of an instance profile are temporary, and do not chain', async () => {
  const { accessKeyId, secretAccessKey, sessionToken } = aws.instanceProfileCredentials(
    arn('First'),
  )
  const keys = { accessKeyId, secretAccessKey, sessionToken }
  const answer = await assume(aws.url, { RoleArn: arn('Second'), DurationSeconds: 43_200 }, keys)
  expect(answer.AssumedRoleUser?.Arn).toContain('assumed-role/Second/')
})
