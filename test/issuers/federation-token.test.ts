import { describe, expect, onTestFinished, test } from 'vitest'
import { startSandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { createFederationTokenIssuer, federatedName } from '../../src/issuers/federation-token.ts'
import { policy, role, trusts, worldWith } from '../sandbox/test-world.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { orderOf } from './orders.ts'

const now = new Date(Math.floor(Date.now() / 1000) * 1000)
const readS3 = JSON.stringify(policy({ Effect: 'Allow', Action: 's3:Get*', Resource: '*' }))
const keys = {
  AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
  AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
}

async function target() {
  awsEnvironment(keys)
  const allowed = policy({ Effect: 'Allow', Action: ['sts:*', 's3:*'], Resource: '*' })
  const aws = await startSandbox({
    world: worldWith([role('Base', policy(trusts('*')))], [], [allowed]),
    now: () => now,
  })
  onTestFinished(() => aws.close())
  const issuer = createFederationTokenIssuer({
    name: 'users',
    source: { type: 'environment' },
    stsEndpoint: aws.url,
    effects: heldEffects(now),
    logger: silentLogger,
  })
  return { aws, issuer }
}

describe('GetFederationToken', () => {
  test('gives a federated user, narrowed by the session policy', async () => {
    const { aws, issuer } = await target()
    const issued = await issuer.issue(orderOf({ policy: readS3, durationSeconds: 7200 }))
    expect(issued).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:federated-user/bob',
      durationSeconds: 7200,
      notes: [],
    })
    expect(aws.issued().at(-1)).toMatchObject({
      api: 'GetFederationToken',
      accessKeyId: issued.credentials.accessKeyId,
    })
  })

  test('promises no duration of its own for the console', async () => {
    const { issuer } = await target()
    await expect(issuer.limits()).resolves.toMatchObject({
      maxSeconds: 43_200,
      console: 'as-credentials',
    })
  })

  test('is never asked without a session policy, nor with what it can not carry', async () => {
    const { aws, issuer } = await target()
    await expect(issuer.issue(orderOf())).rejects.toThrow(TypeError)
    for (const lost of [{ sourceIdentity: 'bob' }, { externalId: 'x' }]) {
      await expect(issuer.issue(orderOf({ policy: readS3, ...lost }))).rejects.toThrow(TypeError)
    }
    expect(aws.issued()).toEqual([])
  })

  test('drops what it got when the key is of another account than the role', async () => {
    const { issuer } = await target()
    const elsewhere = roleArn('arn:aws:iam::222222222222:role/ReadOnly')
    const failing = issuer.issue(orderOf({ policy: readS3, role: elsewhere }))
    await expect(failing).rejects.toThrow('belongs to another account than the role')
    const refusal = await failing.catch((error: unknown) => error)
    expect(refusal).toMatchObject({ causes: ['The IAM user is in the account 111111111111.'] })
  })

  test('is refused to temporary keys, with what to do', async () => {
    const { aws, issuer } = await target()
    const base = aws.instanceProfileCredentials('arn:aws:iam::111111111111:role/Base')
    awsEnvironment({
      AWS_ACCESS_KEY_ID: base.accessKeyId,
      AWS_SECRET_ACCESS_KEY: base.secretAccessKey,
      AWS_SESSION_TOKEN: base.sessionToken,
    })
    await expect(issuer.issue(orderOf({ policy: readS3 }))).rejects.toThrow(
      'AWS gives federation tokens only to the long-term keys of an IAM user.',
    )
  })
})

describe('the name', () => {
  const bob = { people: 'staff', id: 'bob' }

  test('is the role session name where that has up to 32 characters', () => {
    expect(federatedName('b'.repeat(32), bob)).toBe('b'.repeat(32))
  })

  test('ends in a hash where it would be longer, one for each person and name', () => {
    const long = 'bartholomew.montgomery.fitzwilliam@corp.example'
    const name = federatedName(long, bob)
    expect(name).toMatch(/^bartholomew\.montgom=[0-9a-f]{12}$/)
    expect(federatedName(long, { people: 'staff', id: 'other' })).not.toBe(name)
    expect(federatedName(`${long}2`, bob)).not.toBe(name)
  })
})
