import { describe, expect, test } from 'vitest'
import { createAssumeRoleIssuer } from '../../src/issuers/assume-role.ts'
import type { BaseSource } from '../../src/issuers/sts-clients.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { orderOf } from './orders.ts'
import { gives, now } from './sts-answers.ts'

const keys = { AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' }
const temporary = { ...keys, AWS_ACCESS_KEY_ID: 'ASIAIOSFODNN7EXAMPLE', AWS_SESSION_TOKEN: 'token' }

function issuerOf(source: BaseSource, options: { chained?: boolean; stsEndpoint?: string } = {}) {
  const effects = heldEffects(now)
  return createAssumeRoleIssuer({ name: 'hub', source, effects, logger: silentLogger, ...options })
}

const environment: BaseSource = { type: 'environment' }
const free = { maxSeconds: 43_200, console: 'own-duration', why: undefined }
const chained = {
  maxSeconds: 3600,
  console: 'as-credentials',
  why: "the broker's own credentials are temporary and AWS caps role chaining",
}

/** The instance metadata service, version 2, as far as the SDK asks it (Amazon EC2 User Guide, "Use IMDS"). */
const instance: Answer = (response, { method, url }) => {
  if (method === 'PUT') {
    response.setHeader('x-aws-ec2-metadata-token-ttl-seconds', '21600')
    response.end('imds-token')
  } else if (url.endsWith('/security-credentials/')) response.end('instance-role')
  else
    response.end(
      JSON.stringify({
        Code: 'Success',
        Type: 'AWS-HMAC',
        LastUpdated: '2026-11-20T08:00:00Z',
        AccessKeyId: 'ASIAINSTANCE7EXAMPLE',
        SecretAccessKey: 'instance-secret',
        Token: 'instance-token',
        Expiration: '2099-01-01T00:00:00Z',
      }),
    )
}

describe('what can be promised', () => {
  test('is everything with long-term keys', async () => {
    awsEnvironment(keys)
    await expect(issuerOf(environment).limits()).resolves.toEqual(free)
  })

  test('is an hour with temporary credentials, and no console of its own', async () => {
    awsEnvironment(temporary)
    await expect(issuerOf(environment).limits()).resolves.toEqual(chained)
  })

  test('is everything with an instance profile, which AWS does not count as chaining', async () => {
    const imds = await loopbackServer(instance)
    awsEnvironment({
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.origin,
    })
    await expect(issuerOf(environment).limits()).resolves.toEqual(free)
    expect(imds.received.length).toBeGreaterThan(1)
  })

  test('is an hour with the role of a container', async () => {
    const container = await loopbackServer((response) => {
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          AccessKeyId: 'ASIACONTAINER7EXAMPL',
          SecretAccessKey: 'container-secret',
          Token: 'container-token',
          Expiration: '2099-01-01T00:00:00Z',
        }),
      )
    })
    awsEnvironment({ AWS_CONTAINER_CREDENTIALS_FULL_URI: `${container.origin}/creds` })
    await expect(issuerOf(environment).limits()).resolves.toEqual(chained)
  })

  test.each([
    ['long-term keys', '', free],
    ['temporary credentials', 'aws_session_token = token\n', chained],
  ])('follows the named profile: %s', async (_name, token, expected) => {
    const section = `[hub]\naws_access_key_id = AKIAPROFILE7EXAMPLE0\naws_secret_access_key = x\n`
    awsEnvironment(temporary, { credentials: `${section}${token}` })
    await expect(issuerOf({ type: 'profile', name: 'hub' }).limits()).resolves.toEqual(expected)
  })

  test('is what the configuration says, against what is found', async () => {
    awsEnvironment(temporary)
    await expect(issuerOf(environment, { chained: false }).limits()).resolves.toEqual(free)
    awsEnvironment(keys)
    await expect(issuerOf(environment, { chained: true }).limits()).resolves.toEqual(chained)
  })

  test('is the least when nothing is found, and it does not throw', async () => {
    awsEnvironment({})
    await expect(issuerOf(environment).limits()).resolves.toMatchObject({
      maxSeconds: 3600,
      console: 'as-credentials',
    })
  })

  test('is the least within seconds when the instance does not answer, and then at once', async () => {
    const imds = await loopbackServer(() => undefined)
    awsEnvironment({
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.origin,
    })
    const issuer = issuerOf(environment)
    const started = performance.now()
    await expect(issuer.limits()).resolves.toMatchObject({ maxSeconds: 3600 })
    expect(performance.now() - started).toBeLessThan(4000)
    const again = performance.now()
    await issuer.limits()
    expect(performance.now() - again).toBeLessThan(100)
  })
})

describe('a named profile', () => {
  test('signs with its keys, whatever the environment holds', async () => {
    awsEnvironment(temporary, {
      credentials: '[hub]\naws_access_key_id = AKIAPROFILE7EXAMPLE0\naws_secret_access_key = x\n',
    })
    const sts = await loopbackServer(gives())
    await issuerOf({ type: 'profile', name: 'hub' }, { stsEndpoint: sts.origin }).issue(orderOf())
    expect(sts.received[0]?.headers.authorization).toContain('Credential=AKIAPROFILE7EXAMPLE0/')
  })

  test('that does not exist is an error, and not a reason to use other credentials', async () => {
    const imds = await loopbackServer(instance)
    awsEnvironment({
      ...keys,
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: imds.origin,
    })
    const sts = await loopbackServer(gives())
    const issuer = issuerOf({ type: 'profile', name: 'gone' }, { stsEndpoint: sts.origin })
    await expect(issuer.issue(orderOf())).rejects.toThrow('no AWS credentials of its own')
    expect(sts.received).toHaveLength(0)
    expect(imds.received).toHaveLength(0)
  })
})
