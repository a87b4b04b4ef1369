import { describe, expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable, InvalidRequest } from '../../src/errors.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { roleArn } from '../support/broker-fakes.ts'
import { everythingIn } from '../support/everything-in.ts'
import { formOf } from '../support/loopback-server.ts'
import { rejectionOf } from '../support/rejection-of.ts'
import { assumeRoleOn, baseSecret } from './assume-role-on.ts'
import { orderOf } from './orders.ts'
import {
  answers,
  assumeRoleXml,
  gives,
  refuses,
  secretAccessKey,
  sessionToken,
} from './sts-answers.ts'

describe('the request', () => {
  test('holds what every role session needs and nothing that is not set', async () => {
    const { issuer, received } = await assumeRoleOn([gives()])
    await issuer.issue(orderOf())
    expect(formOf(received[0])).toEqual({
      Action: 'AssumeRole',
      Version: '2011-06-15',
      RoleArn: 'arn:aws:iam::111111111111:role/ReadOnly',
      RoleSessionName: 'bob',
      DurationSeconds: '3600',
    })
  })

  test('carries source identity, tags, policies and external ID when they are set', async () => {
    const { issuer, received } = await assumeRoleOn([gives()])
    await issuer.issue(
      orderOf({
        sourceIdentity: 'bob',
        tags: { Project: 'A B', Team: 'ü' },
        transitiveTagKeys: ['Project'],
        policy: '{"Version":"2012-10-17"}',
        policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
        externalId: 'x:y/z',
      }),
    )
    expect(formOf(received[0])).toMatchObject({
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
    ['the region of the order', orderOf({ region: 'eu-west-1' }), 'ap-south-1', 'eu-west-1'],
    ['the configured region', orderOf(), 'ap-south-1', 'ap-south-1'],
    ['the usual region of aws', orderOf(), undefined, 'us-east-1'],
    [
      'the usual region of aws-cn',
      orderOf({ role: roleArn('arn:aws-cn:iam::111111111111:role/R') }),
      'ap-south-1',
      'cn-north-1',
    ],
    [
      'the usual region of aws-us-gov',
      orderOf({ role: roleArn('arn:aws-us-gov:iam::111111111111:role/R') }),
      undefined,
      'us-gov-west-1',
    ],
    [
      'the usual region of aws-eusc',
      orderOf({ role: roleArn('arn:aws-eusc:iam::111111111111:role/R') }),
      undefined,
      'eusc-de-east-1',
    ],
  ])('is signed for %s', async (_name, asked, defaultRegion, region) => {
    const { partition, name } = asked.role
    const arn = `arn:${partition}:sts::111111111111:assumed-role/${name}/bob`
    const { issuer, received } = await assumeRoleOn([gives({ arn })], { defaultRegion })
    await issuer.issue(asked)
    expect(received[0]?.headers.authorization).toContain(`/${region}/sts/aws4_request`)
    expect(received[0]?.headers.authorization).toContain('Credential=AKIAIOSFODNN7EXAMPLE/')
  })

  test('is not made for a region of another partition', async () => {
    const { issuer, received } = await assumeRoleOn([gives()])
    await expect(issuer.issue(orderOf({ region: 'cn-north-1' }))).rejects.toThrow(InvalidRequest)
    expect(received).toHaveLength(0)
  })
})

describe('the answer', () => {
  test('becomes credentials, the name of the role session and the request ID', async () => {
    const { issuer } = await assumeRoleOn([gives()])
    await expect(issuer.issue(orderOf())).resolves.toEqual({
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
    const { issuer } = await assumeRoleOn([gives()])
    const asked = orderOf({ role: roleArn('arn:aws:iam::111111111111:role/a/b/ReadOnly') })
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
    const { issuer, received, host } = await assumeRoleOn([answer])
    const error = await rejectionOf(issuer.issue(orderOf()), AwsUnavailable)
    expect(error).toHaveProperty('message', expect.stringContaining(host))
    expect(everythingIn(error)).not.toContain(secretAccessKey.slice(0, 12))
    expect(everythingIn(error)).not.toContain(sessionToken.slice(0, 12))
    expect(received.length).toBeLessThanOrEqual(3)
  })

  test('says so when AWS gave less than was ordered', async () => {
    const { issuer } = await assumeRoleOn([gives({ expiration: '2026-11-20T09:30:00Z' })])
    await expect(issuer.issue(orderOf())).resolves.toMatchObject({
      durationSeconds: 1800,
      notes: ['AWS gave 30 minutes instead of 1 hour.'],
    })
  })
})

describe('a refusal', () => {
  test("keeps AWS's words and request ID, and no secret", async () => {
    const message =
      'User: arn:aws:iam::999999999999:user/postern is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111111111111:role/ReadOnly'
    const { issuer } = await assumeRoleOn([refuses(403, 'AccessDenied', message)])
    const error = await rejectionOf(issuer.issue(orderOf()), AwsRefused)
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
    const { issuer, received } = await assumeRoleOn([unknown, gives()])
    await expect(issuer.issue(orderOf())).rejects.toThrow(AwsRefused)
    process.env['AWS_ACCESS_KEY_ID'] = 'AKIAROTATED7EXAMPLE0'
    await issuer.issue(orderOf())
    expect(received[1]?.headers.authorization).toContain('Credential=AKIAROTATED7EXAMPLE0/')
  })

  test('says so when Postern has no credentials of its own', async () => {
    const { issuer } = await assumeRoleOn([gives()])
    awsEnvironment({})
    const error = await rejectionOf(issuer.issue(orderOf()), AwsRefused)
    expect(error).toHaveProperty(
      'message',
      expect.stringContaining('no AWS credentials of its own'),
    )
  })
})
