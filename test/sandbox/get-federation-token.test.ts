import {
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  type GetFederationTokenCommandInput,
  type GetFederationTokenCommandOutput,
  GetSessionTokenCommand,
} from '@aws-sdk/client-sts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import {
  CONSOLE,
  expectRefusal,
  federation,
  sessionJson,
  signinToken,
} from './federation-client.ts'
import { assume, keysOf, type Keys, refusalOf, stsClient } from './sdk.ts'
import { arn, BASE_USER, policy, role, ROOT_KEY, trusts, worldWith } from './test-world.ts'

const READ = JSON.stringify(policy({ Effect: 'Allow', Action: '*', Resource: '*' }))
const MAY_FEDERATE = policy(
  {
    Effect: 'Allow',
    Action: ['sts:GetFederationToken', 'sts:TagSession'],
    Resource: 'arn:aws:sts::111111111111:federated-user/*',
  },
  { Effect: 'Deny', Action: '*', Resource: 'arn:aws:sts::*:federated-user/mallory' },
  { Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' },
)

let aws: Sandbox
beforeAll(async () => {
  const roles = [role('First', policy(trusts(BASE_USER)))]
  aws = await startSandbox({ world: worldWith(roles, [], [MAY_FEDERATE]) })
})
afterAll(() => aws.close())

type Input = Partial<GetFederationTokenCommandInput>

async function federate(input: Input = {}, keys?: Keys): Promise<GetFederationTokenCommandOutput> {
  const client = stsClient(aws.url, keys)
  try {
    return await client.send(new GetFederationTokenCommand({ Name: 'bob', ...input }))
  } finally {
    client.destroy()
  }
}

describe('GetFederationToken', () => {
  test('names a federated user, for twelve hours unless asked otherwise', async () => {
    const before = Date.now()
    const answer = await federate({ Policy: READ })
    expect(answer).toMatchObject({
      FederatedUser: {
        Arn: 'arn:aws:sts::111111111111:federated-user/bob',
        FederatedUserId: '111111111111:bob',
      },
    })
    const end = answer.Credentials?.Expiration?.getTime() ?? 0
    expect(Math.round((end - before) / 60_000)).toBe(720)
    const who = await stsClient(aws.url, keysOf(answer)).send(new GetCallerIdentityCommand({}))
    expect(who).toMatchObject({
      Arn: 'arn:aws:sts::111111111111:federated-user/bob',
      UserId: '111111111111:bob',
    })
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'GetFederationToken',
      accessKeyId: answer.Credentials?.AccessKeyId,
      assumedRoleArn: 'arn:aws:sts::111111111111:federated-user/bob',
    })
  })

  test('says a PackedPolicySize of 0 where nothing was packed', async () => {
    expect(await federate()).toMatchObject({ PackedPolicySize: 0 })
    expect(await federate({ Policy: READ })).not.toMatchObject({ PackedPolicySize: 0 })
    const { Credentials } = await federate({ MinimumSessionTokenSize: 4096 })
    expect(Credentials?.SessionToken?.length).toBeGreaterThanOrEqual(4096)
  })

  test('lasts 36 hours at most, and an hour for the root user', async () => {
    const hours = async (input: Input, keys?: Keys): Promise<number> => {
      const { Credentials } = await federate(input, keys)
      return Math.round(((Credentials?.Expiration?.getTime() ?? 0) - Date.now()) / 3600_000)
    }
    expect(await hours({ DurationSeconds: 129_600 })).toBe(36)
    expect(await hours({ DurationSeconds: 129_600 }, ROOT_KEY)).toBe(1)
    expect(await refusalOf(federate({ DurationSeconds: 129_601 }))).toMatch(
      /^400 ValidationError: .*less than or equal to 129600$/,
    )
    expect(await refusalOf(federate({ DurationSeconds: 899 }))).toMatch(/equal to 900$/)
  })

  test.each([
    ['b', /greater than or equal to 2$/],
    ['b'.repeat(33), /less than or equal to 32$/],
    ['bob baker', /regular expression pattern: \[\\w\+=,\.@-\]\*$/],
  ])('refuses the name "%s"', async (Name, message) => {
    expect(await refusalOf(federate({ Name }))).toMatch(message)
    expect(await refusalOf(federate({ Name: 'b'.repeat(32) }))).toBe('was not refused')
  })

  test('refuses keys of a session, of a role or a user', async () => {
    const refusal = '403 AccessDenied: Cannot call GetFederationToken with session credentials'
    const chained = keysOf(await assume(aws.url, { RoleArn: arn('First') }))
    const token = await stsClient(aws.url).send(new GetSessionTokenCommand({}))
    const federated = keysOf(await federate({ Policy: READ }))
    for (const keys of [chained, keysOf(token), federated]) {
      expect(await refusalOf(federate({}, keys))).toBe(refusal)
    }
  })

  test("asks the user's own policies, for tags too", async () => {
    expect(await refusalOf(federate({ Name: 'mallory' }))).toBe(
      `403 AccessDenied: User: ${BASE_USER} is not authorized to perform: sts:GetFederationToken on resource: arn:aws:sts::111111111111:federated-user/mallory`,
    )
    const Tags = [{ Key: 'Team', Value: 'Ops' }]
    expect(await refusalOf(federate({ Tags }))).toBe('was not refused')
    const untagged = policy({ Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: '*' })
    await using other = await startSandbox({ world: worldWith([], [], [untagged]) })
    const client = stsClient(other.url)
    expect(
      await refusalOf(client.send(new GetFederationTokenCommand({ Name: 'bob', Tags }))),
    ).toMatch(/not authorized to perform: sts:TagSession on resource: .*federated-user\/bob$/)
  })

  test('refuses a policy that is none, and one that is too long', async () => {
    expect(await refusalOf(federate({ Policy: '{}' }))).toMatch(/^400 MalformedPolicyDocument: /)
    expect(await refusalOf(federate({ Policy: `${READ}${' '.repeat(2048)}` }))).toMatch(
      /^400 ValidationError: /,
    )
  })

  test('gives credentials that can call no STS operation but GetCallerIdentity', async () => {
    const keys = keysOf(await federate({ Policy: READ }))
    expect(await refusalOf(assume(aws.url, { RoleArn: arn('First') }, keys))).toBe(
      `403 AccessDenied: User: arn:aws:sts::111111111111:federated-user/bob is not authorized to perform: sts:AssumeRole on resource: ${arn('First')}`,
    )
    const client = stsClient(aws.url, keys)
    expect(await refusalOf(client.send(new GetSessionTokenCommand({})))).toMatch(
      /^403 AccessDenied/,
    )
  })
})

describe('signing in with a federation token', () => {
  test('lasts as long as the token, and takes no SessionDuration', async () => {
    const keys = keysOf(await federate({ Policy: READ, DurationSeconds: 129_600 }))
    const fields = { Action: 'getSigninToken', Session: sessionJson(keys) }
    expectRefusal(await federation(aws.url, { ...fields, SessionDuration: '3600' }))
    const SigninToken = await signinToken(aws.url, keys)
    const login = await federation(aws.url, { Action: 'login', SigninToken, Destination: CONSOLE })
    expect(login.status).toBe(302)
    const cookie = String(login.headers['set-cookie']).split(';')[0] ?? ''
    const page = await fetch(`${aws.url}/console/home`, { headers: { cookie } })
    const text = await page.text()
    expect(text).toContain('federated-user/bob')
    expect(text).toContain('(in 36 h 0 min)')
  })

  test('is refused to the long-term keys themselves', async () => {
    expectRefusal(
      await federation(aws.url, {
        Action: 'getSigninToken',
        Session: sessionJson(DEMO_BASE_ACCESS_KEY),
      }),
    )
  })
})
