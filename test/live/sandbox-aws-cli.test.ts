import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { requireCommand } from '../support/require-command.ts'

const run = promisify(execFile)
const RoleArn = 'arn:aws:iam::111111111111:role/ReadOnly'
const clients = requireCommand('aws', 'awscli')

let sandbox: Sandbox
beforeAll(async () => {
  sandbox = await startSandbox()
})
afterAll(() => sandbox.close())

interface Keys {
  readonly AccessKeyId: string
  readonly SecretAccessKey: string
  readonly SessionToken?: string
}

const BASE: Keys = {
  AccessKeyId: DEMO_BASE_ACCESS_KEY.accessKeyId,
  SecretAccessKey: DEMO_BASE_ACCESS_KEY.secretAccessKey,
}

/** Runs `aws sts …` with these keys and nothing of the user's own settings. */
async function sts(aws: string, args: readonly string[], keys: Keys = BASE): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    AWS_ACCESS_KEY_ID: keys.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
    AWS_SESSION_TOKEN: keys.SessionToken,
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
  }
  const all = ['--endpoint-url', sandbox.url, '--output', 'json', 'sts', ...args]
  const { stdout } = await run(aws, all, { env, timeout: 30_000 })
  return JSON.parse(stdout)
}

async function refusal(aws: string, args: readonly string[], keys?: Keys): Promise<string> {
  const answer = await sts(aws, args, keys).then(
    () => 'was not refused',
    (error: unknown) =>
      error instanceof Error && 'stderr' in error ? String(error.stderr) : String(error),
  )
  return answer.trim()
}

// One test even without any client, so that the run says what it skipped.
describe.each(clients.length > 0 ? clients : ['aws'])('%s', (aws) => {
  const assume = (...more: readonly string[]): readonly string[] => [
    'assume-role',
    '--role-arn',
    RoleArn,
    '--role-session-name',
    'bob',
    ...more,
  ]

  test('assumes a role with everything, and is who it became', async () => {
    const answer = await sts(aws, [
      ...assume('--source-identity', 'bob', '--duration-seconds', '43200'),
      '--tags',
      'Key=Cost Center,Value=R+D=Ä',
      'Key=Team,Value=ops',
      '--transitive-tag-keys',
      'Team',
      '--external-id',
      'a:b/c',
      '--policy-arns',
      'arn=arn:aws:iam::aws:policy/ReadOnlyAccess',
      '--policy',
      '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:*","Resource":"*"}]}',
    ])
    expect(answer).toMatchObject({
      AssumedRoleUser: { Arn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob' },
      SourceIdentity: 'bob',
      PackedPolicySize: expect.any(Number) as number,
    })
    const { Credentials } = answer as { Credentials: Keys }
    expect(await sts(aws, ['get-caller-identity'], Credentials)).toMatchObject({
      Arn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
      Account: '111111111111',
    })
  })

  test('gets a session token', async () => {
    const { Credentials } = (await sts(aws, ['get-session-token'])) as { Credentials: Keys }
    const who = await sts(aws, ['get-caller-identity'], Credentials)
    expect(who).toMatchObject({ Arn: 'arn:aws:iam::111111111111:user/postern-broker' })
  })

  test('is told what it did wrong', async () => {
    expect(await refusal(aws, assume('--duration-seconds', '43201'))).toMatch(
      /\(ValidationError\) when calling the AssumeRole operation.*: 1 validation error detected/,
    )
    const wrong = { ...BASE, SecretAccessKey: 'x'.repeat(40) }
    expect(await refusal(aws, ['get-caller-identity'], wrong)).toContain('(SignatureDoesNotMatch)')
    const unknown = { ...BASE, AccessKeyId: 'AKIAAAAAAAAAAAAAAAAA' }
    expect(await refusal(aws, ['get-caller-identity'], unknown)).toContain('(InvalidClientTokenId)')
    sandbox.faults.next('AssumeRole', { kind: 'throttling' })
    expect(await refusal(aws, assume())).toContain('(Throttling)')
  })
})
