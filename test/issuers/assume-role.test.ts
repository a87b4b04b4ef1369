import { describe, expect, test } from 'vitest'
import { parseRoleArn } from '../../src/entitlements/arn.ts'
import { AwsRefused, AwsUnavailable, InvalidRequest } from '../../src/errors.ts'
import { type AssumeRoleOptions, createAssumeRoleIssuer } from '../../src/issuers/assume-role.ts'
import type { IssueOrder } from '../../src/issuers/issuer.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { type HeldEffects, heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer, type Received } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'
import {
  answers,
  assumeRoleXml,
  gives,
  now,
  refuses,
  secretAccessKey,
  sessionToken,
} from './sts-answers.ts'

const baseSecret = 'BASESECRET/base+secret/BASESECRET+base00'

function order(
  overrides: Partial<IssueOrder> = {},
  arn = 'arn:aws:iam::111111111111:role/ReadOnly',
): IssueOrder {
  const role = parseRoleArn(arn)
  if (!role) throw new Error('no role ARN')
  return {
    role,
    person: { people: 'staff', id: 'bob' },
    durationSeconds: 3600,
    roleSessionName: 'bob',
    sourceIdentity: undefined,
    tags: {},
    transitiveTagKeys: [],
    policy: undefined,
    policyArns: [],
    externalId: undefined,
    region: undefined,
    ...overrides,
  }
}

interface Broker extends Partial<AssumeRoleOptions> {
  readonly effects?: HeldEffects
}

async function issuerOn(replies: readonly Answer[], options: Broker = {}) {
  awsEnvironment({ AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE', AWS_SECRET_ACCESS_KEY: baseSecret })
  const sts = await loopbackServer(...replies)
  const effects = options.effects ?? heldEffects(now)
  const issuer = createAssumeRoleIssuer({
    name: 'hub',
    source: { type: 'environment' },
    stsEndpoint: sts.origin,
    logger: silentLogger,
    ...options,
    effects,
  })
  return { issuer, received: sts.received, effects, host: new URL(sts.origin).host }
}

function form(received: Received | undefined): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(received?.body))
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  )
}

/** All that a log or a page could show of an error. */
function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]),
  )
  return `${JSON.stringify(own)} ${error.cause === undefined ? '' : everythingIn(error.cause)}`
}

describe('the request', () => {
  test('holds what every role session needs and nothing that is not set', async () => {
    const { issuer, received } = await issuerOn([gives()])
    await issuer.issue(order())
    expect(form(received[0])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
      RoleSessionName: 'bob',
      DurationSeconds: '3600',
    })
  })

  test('carries source identity, tags, policies and external ID when they are set', async () => {
    const { issuer, received } = await issuerOn([gives()])
    await issuer.issue(
      order({
        sourceIdentity: 'bob',
        tags: { Project: 'A B', Team: 'ü' },
        transitiveTagKeys: ['Project'],
        policy: '{"Version":"2012-10-17"}',
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        externalId: 'x:y/z',
      }),
    )
    expect(form(received[0])).toMatchObject({
      SourceIdentity: 'bob',
      'Tags.member.1.Key': 'Project',
      'Tags.member.1.Value': 'A B',
      'Tags.member.2.Key': 'Team',
      'Tags.member.2.Value': 'ü',
      'TransitiveTagKeys.member.1': 'Project',
      Policy: '{"Version":"2012-10-17"}',
      'PolicyArns.member.1.arn': 'arn:aws:iam::aws:policy/ReadOnlyAccess',
      ExternalId: 'x:y/z',
    })
  })

  test.each([
    ['the region of the order', order({ region: 'eu-west-1' }), 'ap-south-1', 'eu-west-1'],
    ['the configured region', order(), 'ap-south-1', 'ap-south-1'],
    ['the usual region of aws', order(), undefined, 'us-east-1'],
    [
      'the usual region of aws-cn',
      order({}, 'arn:aws-cn:iam::111111111111:role/R'),
      'ap-south-1',
      'cn-north-1',
    ],
    [
      'the usual region of aws-us-gov',
      order({}, 'arn:aws-us-gov:iam::111111111111:role/R'),
      undefined,
      'us-gov-west-1',
    ],
    [
      'the usual region of aws-eusc',
      order({}, 'arn:aws-eusc:iam::111111111111:role/R'),
      undefined,
      'eusc-de-east-1',
    ],
  ])('is signed for %s', async (_name, asked, defaultRegion, region) => {
    const { partition, name } = asked.role
    const arn = `arn:${partition}:sts::111111111111:assumed-role/${name}/bob`
    const { issuer, received } = await issuerOn([gives({ arn })], { defaultRegion })
    await issuer.issue(asked)
    expect(received[0]?.headers.authorization).toContain(`/${region}/sts/aws4_request`)
    expect(received[0]?.headers.authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/')
  })

  test('is not made for a region of another partition', async () => {
    const { issuer, received } = await issuerOn([gives()])
    await expect(issuer.issue(order({ region: 'cn-north-1' }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })
})

describe('the answer', () => {
  test('becomes credentials, the name of the role session and the request ID', async () => {
    const { issuer } = await issuerOn([gives()])
    await expect(issuer.issue(order())).resolves.toEqual({
      credentials: {
        accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
        secretAccessKey,
        sessionToken,
        expiration: new Date('2026-11-20T10:00:00Z'),
      },
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
      awsRequestId: 'aws-request-1',
      durationSeconds: 3600,
      notes: [],
    })
  })

  test('drops the path of the role from the name of the role session', async () => {
    const { issuer } = await issuerOn([gives()])
    const asked = order({}, 'arn:aws:iam::111111111111:role/a/b/ReadOnly')
    await expect(issuer.issue(asked)).resolves.toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
    })
  })

  test.each([
    ['another role', gives({ arn: 'arn:aws:sts::111111111111:assumed-role/Admin/bob' })],
    ['another account', gives({ arn: 'arn:aws:sts::222222222222:assumed-role/ReadOnly/bob' })],
    ['another session name', gives({ arn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/eve' })],
    ['no access key ID', gives({ accessKeyId: '' })],
    ['an access key ID with a space', gives({ accessKeyId: 'ASIA IOSFODNN7EXAMP' })],
    ['a secret with a line break', gives({ secretAccessKey: `${secretAccessKey}&#10;x` })],
    ['no session token', gives({ sessionToken: '' })],
    ['an expiration in the past', gives({ expiration: '2026-11-20T08:59:59Z' })],
    ['an expiration that is no date', gives({ expiration: sessionToken })],
    ['more time than was ordered', gives({ expiration: '2026-11-20T21:00:00Z' })],
    ['HTML with status 200', answers(200, `<html><body>Sign in ${sessionToken}</body></html>`)],
    ['HTML that is no XML with status 400', answers(400, '<html><p>Bad<br></html>')],
    ['half an answer', answers(200, assumeRoleXml().slice(0, 420), 'text/xml')],
    ['nothing with status 200', answers(200, '')],
    ['a redirect', answers(302, '')],
    [
      'a megabyte',
      answers(
        200,
        assumeRoleXml().replace('<Credentials>', `${' '.repeat(1 << 20)}<Credentials>`),
        'text/xml',
      ),
    ],
  ])('is not believed when it holds %s', async (_name, answer) => {
    const { issuer, received, host } = await issuerOn([answer])
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining(host))
    expect(everythingIn(error)).not.toContain(secretAccessKey.slice(0, 12))
    expect(everythingIn(error)).not.toContain(sessionToken.slice(0, 12))
    expect(received.length).toBeLessThanOrEqual(3)
  })

  test('says so when AWS gave less than was ordered', async () => {
    const { issuer } = await issuerOn([gives({ expiration: '2026-11-20T09:30:00Z' })])
    await expect(issuer.issue(order())).resolves.toMatchObject({
      durationSeconds: 1800,
      notes: ['AWS gave 30 minutes instead of 1 hour.'],
    })
  })
})

describe('a duration that AWS refuses', () => {
  const exceeds = 'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.'
  const chaining =
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.'

  test('is left out once, and what was given is said', async () => {
    const { issuer, received } = await issuerOn([refuses(400, 'ValidationError', exceeds), gives()])
    await expect(issuer.issue(order({ durationSeconds: 14_400 }))).resolves.toMatchObject({
      durationSeconds: 3600,
      notes: [
        "AWS gave 1 hour instead of 4 hours: that is more than the role's maximum session duration in IAM.",
      ],
    })
    expect(received.map(form).map(({ DurationSeconds }) => DurationSeconds)).toEqual([
      '14400',
      undefined,
    ])
  })

  test('teaches that the credentials of Postern are chained', async () => {
    const { issuer } = await issuerOn([refuses(400, 'ValidationError', chaining), gives()])
    await expect(issuer.limits()).resolves.toMatchObject({ maxSeconds: 43_200 })
    const { notes } = await issuer.issue(order({ durationSeconds: 14_400 }))
    expect(notes.join()).toContain('AWS caps role chaining')
    await expect(issuer.limits()).resolves.toMatchObject({
      maxSeconds: 3600,
      console: 'as-credentials',
    })
  })

  test('ends it when it was an hour or less', async () => {
    const { issuer, received } = await issuerOn([refuses(400, 'ValidationError', exceeds)])
    await expect(issuer.issue(order())).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(1)
  })

  test('ends it when AWS refuses the second request too', async () => {
    const { issuer, received } = await issuerOn([refuses(400, 'ValidationError', exceeds)])
    await expect(issuer.issue(order({ durationSeconds: 7200 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(2)
  })

  test('is not mistaken for another refusal', async () => {
    const { issuer, received } = await issuerOn([refuses(400, 'ValidationError', 'x is invalid')])
    await expect(issuer.issue(order({ durationSeconds: 7200 }))).rejects.toThrow(AwsRefused)
    expect(received).toHaveLength(1)
  })
})

describe('trying again', () => {
  const throttled = refuses(400, 'Throttling', 'Rate exceeded')

  const breaksWithin: Answer = (response) => {
    const xml = assumeRoleXml()
    response.writeHead(200, { 'content-length': xml.length })
    response.write(xml.slice(0, 400), () => response.destroy())
  }

  test.each<[string, Answer]>([
    ['throttling', throttled],
    ['status 429', answers(429, 'slow down')],
    ['status 500', refuses(500, 'InternalFailure', 'oh')],
    ['HTML with status 503', answers(503, '<html><p>Service<br>unavailable</html>')],
    ['HTML with status 200', answers(200, '<html><p>Gateway</html>')],
    ['a connection that breaks before the answer', (response) => response.destroy()],
    ['a connection that breaks within the answer', breaksWithin],
  ])('follows %s, after a growing random pause', async (_name, answer) => {
    const { issuer, received, effects } = await issuerOn([answer, answer, gives()])
    await expect(issuer.issue(order())).resolves.toMatchObject({ durationSeconds: 3600 })
    expect(received).toHaveLength(3)
    expect(effects.pauses).toEqual([200, 400])
  })

  test('ends after the attempts that are set', async () => {
    const { issuer, received } = await issuerOn([throttled], { attempts: 2 })
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('Try again'))
    expect(error).toHaveProperty('detail', 'AssumeRole: Throttling (request aws-request-2)')
    expect(received).toHaveLength(2)
  })

  test.each<[string, Answer]>([
    ['a refusal', refuses(403, 'AccessDenied', 'no')],
    ['silence', () => undefined],
  ])('never follows %s', async (_name, answer) => {
    const { issuer, received } = await issuerOn([answer], { timeouts: { answer: 100 } })
    await failure(issuer.issue(order()))
    expect(received).toHaveLength(1)
  })
})

describe('no answer', () => {
  test('is a matter of bounded time, before the head and within the body', async () => {
    const silent: Answer = () => undefined
    const slow: Answer = (response) => {
      response.writeHead(200)
      response.write(assumeRoleXml().slice(0, 100))
    }
    for (const answer of [silent, slow]) {
      const { issuer } = await issuerOn([answer], { timeouts: { answer: 150, total: 400 } })
      const started = performance.now()
      const error = await failure(issuer.issue(order()))
      expect(performance.now() - started).toBeLessThan(3000)
      expect(error).toBeInstanceOf(AwsUnavailable)
      expect(error).toHaveProperty('message', expect.stringContaining('aws.endpoints.sts'))
    }
  })

  test('names the host when nothing takes the connection', async () => {
    const { issuer } = await issuerOn([gives()], { stsEndpoint: 'http://127.0.0.1:9' })
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('127.0.0.1:9: nothing there'))
  })

  test('names the host when it can not be resolved', async () => {
    const { issuer } = await issuerOn([gives()], { stsEndpoint: 'http://sts.invalid' })
    const error = await failure(issuer.issue(order()))
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('sts.invalid: the name can not'),
    )
  })

  test('blames the proxy when the proxy refuses', async () => {
    const proxy = await loopbackServer(answers(407, 'no'))
    const effects = heldEffects(now, { httpsProxy: proxy.origin })
    const { issuer } = await issuerOn([gives()], { effects, stsEndpoint: 'https://sts.example' })
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining('proxy'))
  })
})

describe('a refusal', () => {
  test("keeps AWS's words and request ID, and no secret", async () => {
    const message =
      'User: arn:aws:iam::999999999999:user/postern is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111111111111:role/ReadOnly'
    const { issuer } = await issuerOn([refuses(403, 'AccessDenied', message)])
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsRefused)
    expect(error).toHaveProperty('fault', {
      operation: 'AssumeRole',
      status: 403,
      code: 'AccessDenied',
      message,
      requestId: 'aws-request-2',
    })
    expect(everythingIn(error)).toContain('sts:TagSession')
    expect(everythingIn(error)).not.toContain(baseSecret.slice(0, 10))
  })

  test('of unknown keys makes Postern read its credentials anew', async () => {
    const unknown = refuses(
      403,
      'InvalidClientTokenId',
      'The security token included in the request is invalid.',
    )
    const { issuer, received } = await issuerOn([unknown, gives()])
    await expect(issuer.issue(order())).rejects.toThrow(AwsRefused)
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAROTATED7EXAMPLE0'
    await issuer.issue(order())
    expect(received[1]?.headers.authorization).toContain('Credential=AKIAROTATED7EXAMPLE0/')
  })

  test('says so when Postern has no credentials of its own', async () => {
    const { issuer } = await issuerOn([gives()])
    awsEnvironment({})
    const error = await failure(issuer.issue(order()))
    expect(error).toBeInstanceOf(AwsRefused)
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('no AWS credentials of its own'),
    )
  })
})
