import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { requireCommand } from '../support/require-command.ts'
import {
  awsAttributes,
  plan,
  PROVIDER,
  RECIPIENT,
  SAML_ROLE,
  samlResponse,
} from '../sandbox/saml-signer.ts'
import { samlWorld } from '../sandbox/saml-world.ts'
import { policy } from '../sandbox/test-world.ts'

const run = promisify(execFile)
const clients = requireCommand('aws', 'awscli')
const MAY_FEDERATE = policy({ Effect: 'Allow', Action: 'sts:GetFederationToken', Resource: '*' })

let sandbox: Sandbox
beforeAll(async () => {
  const user = {
    name: 'postern-broker',
    userId: 'AIDATEST0000000000001',
    accessKeys: [DEMO_BASE_ACCESS_KEY],
    policies: [MAY_FEDERATE],
  }
  sandbox = await startSandbox({ world: samlWorld([], { users: [user] }) })
})
afterAll(() => sandbox.close())

/** Runs `aws sts …` with nothing of the user's own settings. */
async function sts(
  aws: string,
  args: readonly string[],
  keys: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const env = {
    PATH: process.env['PATH'],
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_MAX_ATTEMPTS: '1',
    ...keys,
  }
  const all = ['--endpoint-url', sandbox.url, '--output', 'json', 'sts', ...args]
  const { stdout } = await run(aws, all, { env, timeout: 30_000 })
  return JSON.parse(stdout)
}

// One test even without any client, so that the run says what it skipped.
describe.each(clients.length > 0 ? clients : ['aws'])('%s', (aws) => {
  const withSaml = async (assertion: string): Promise<unknown> =>
    await sts(aws, [
      'assume-role-with-saml',
      ...['--role-arn', SAML_ROLE, '--principal-arn', PROVIDER],
      ...['--saml-assertion', assertion, '--duration-seconds', '900'],
    ])

  test('exchanges an assertion, without any key of its own', async () => {
    const attributes = awsAttributes({ SourceIdentity: ['alice'] })
    expect(await withSaml(samlResponse(plan(new Date(), { attributes })))).toMatchObject({
      AssumedRoleUser: { Arn: 'arn:aws:sts::111111111111:assumed-role/Saml/alice' },
      Audience: RECIPIENT,
      Subject: 'u-4711',
      SubjectType: 'persistent',
      SourceIdentity: 'alice',
    })
  })

  test('is told what is wrong with one', async () => {
    const old = samlResponse(plan(new Date(), { issued: -301 }))
    await expect(withSaml(old)).rejects.toThrow(
      /\(ExpiredTokenException\).*Token must be redeemed within 5 minutes of issuance/,
    )
    const elsewhere = samlResponse(plan(new Date(), { recipient: 'https://elsewhere.example' }))
    await expect(withSaml(elsewhere)).rejects.toThrow(/\(AccessDenied\)/)
  })

  test('federates a user, who can then ask who it is', async () => {
    const answer = await sts(aws, ['get-federation-token', '--name', 'bob'], {
      AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
    })
    const { Credentials: made } = answer as { Credentials: Record<string, string> }
    const who = await sts(aws, ['get-caller-identity'], {
      AWS_ACCESS_KEY_ID: made['AccessKeyId'] ?? '',
      AWS_SECRET_ACCESS_KEY: made['SecretAccessKey'] ?? '',
      AWS_SESSION_TOKEN: made['SessionToken'] ?? '',
    })
    expect(who).toMatchObject({ Arn: 'arn:aws:sts::111111111111:federated-user/bob' })
  })
})
