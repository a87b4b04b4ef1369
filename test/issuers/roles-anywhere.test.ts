import { describe, expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable } from '../../src/errors.ts'
import { AwsThrottled } from '../../src/issuers/aws-throttled.ts'
import { createRolesAnywhereIssuer } from '../../src/issuers/roles-anywhere.ts'
import { KeyFault } from '../../src/keys/key-fault.ts'
import { keyObjectSigner } from '../../src/keys/key-object-signer.ts'
import type { KeySource } from '../../src/keys/key-source.ts'
import { issue } from '../keys/test-certificates.ts'
import {
  type Answering,
  checkSignature,
  refuse,
  serve,
  session,
} from '../rolesanywhere/fake-roles-anywhere.ts'
import { roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { orderOf } from './orders.ts'

const now = new Date('2026-12-01T12:00:00Z')
const place = {
  trustAnchorArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1',
}
const leaf = issue()
const signer = keyObjectSigner(leaf.privateKey, leaf.certificate)

function keyOf(current: KeySource['current'] = () => Promise.resolve(signer)) {
  const key = { reopened: 0 }
  const source: KeySource = {
    current,
    reopen: () => {
      key.reopened += 1
      return Promise.resolve()
    },
  }
  return { key, source }
}

/** An answer for the name that was asked for, or for AWS's choice, with some fields changed. */
function grants(changes: { arn?: string; expiration?: string } = {}): Answering {
  return (response, { body }) => {
    const { roleSessionName = 'a1b2c3' } = JSON.parse(body) as { roleSessionName?: string }
    const [first] = session.credentialSet
    const arn = changes.arn ?? `arn:aws:sts::111111111111:assumed-role/ReadOnly/${roleSessionName}`
    const expiration = changes.expiration ?? '2026-12-01T13:00:00Z'
    const secretAccessKey = 'secret/Key+1secret/Key+1'
    const credentials = { ...first?.credentials, secretAccessKey, expiration }
    const set = [{ ...first, credentials, assumedRoleUser: { arn, assumedRoleId: 'AROA:x' } }]
    response.writeHead(201, { 'x-amzn-requestid': 'request-1' })
    response.end(JSON.stringify({ ...session, credentialSet: set }))
  }
}

async function asking(
  answer: Answering,
  options: { sendSessionName?: boolean; key?: KeySource } = {},
  order = orderOf(),
) {
  await using server = await serve(answer)
  const issuer = createRolesAnywhereIssuer({
    name: 'anywhere',
    ...place,
    endpoint: server.endpoint,
    key: options.key ?? keyOf().source,
    sendSessionName: options.sendSessionName ?? true,
    effects: heldEffects(now),
    timeouts: { answer: 300 },
  })
  const [outcome] = await Promise.allSettled([issuer.issue(order)])
  const issued = outcome.status === 'fulfilled' ? outcome.value : undefined
  const error: unknown = outcome.status === 'rejected' ? outcome.reason : undefined
  return { issued, error, arrived: server.arrived, limits: await issuer.limits() }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : ''
}

describe('CreateSession for a person', () => {
  test('is signed, names the person, and gives what the session is', async () => {
    const { issued, arrived } = await asking(grants())
    expect(issued).toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
      awsRequestId: 'request-1',
      durationSeconds: 3600,
      notes: [],
      facts: { sourceIdentity: 'CN=leaf' },
    })
    expect(arrived).toHaveLength(1)
    const [request] = arrived
    if (!request) throw new Error('nothing arrived')
    expect(checkSignature(request).region).toBe('us-east-1')
    expect(JSON.parse(request.body)).toEqual({ durationSeconds: 3600, roleSessionName: 'bob' })
    expect(new URLSearchParams(request.target.split('?')[1]).get('roleArn')).toBe(
      'arn:aws:iam::111111111111:role/ReadOnly',
    )
  })

  test('leaves the name to AWS where the profile takes none, and tells which it was', async () => {
    const { issued, arrived } = await asking(grants(), { sendSessionName: false })
    expect(issued?.assumedRoleArn).toMatch(/\/a1b2c3$/)
    expect(JSON.parse(arrived[0]?.body ?? '')).toEqual({ durationSeconds: 3600 })
  })

  test('says when the profile gave less than was ordered', async () => {
    const { issued } = await asking(grants(), {}, orderOf({ durationSeconds: 14_400 }))
    expect(issued).toMatchObject({
      durationSeconds: 3600,
      notes: ['AWS gave 1 hour instead of 4 hours.'],
    })
  })

  test('promises 12 hours, and no duration of its own for the console', async () => {
    const { limits } = await asking(grants())
    expect(limits).toMatchObject({ maxSeconds: 43_200, console: 'as-credentials' })
  })

  test.each([
    ['for another role', { arn: 'arn:aws:sts::111111111111:assumed-role/Admin/bob' }],
    ['for another account', { arn: 'arn:aws:sts::222222222222:assumed-role/ReadOnly/bob' }],
    ['for another name', { arn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/alice' }],
    ['that have ended', { expiration: '2026-12-01T11:59:59Z' }],
    ['that last longer than ordered', { expiration: '2026-12-01T14:00:00Z' }],
  ])('does not believe credentials %s', async (_what, changes) => {
    const { error } = await asking(grants(changes))
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(messageOf(error)).toContain('is no answer of AWS')
  })

  test('never drops what it can not send: a session policy would give more when it is lost', async () => {
    const { error, arrived } = await asking(grants(), {}, orderOf({ policy: '{}' }))
    expect(error).toBeInstanceOf(TypeError)
    expect(arrived).toHaveLength(0)
  })
})

describe('a refusal', () => {
  const role = 'Unable to assume role for arn:aws:iam::111111111111:role/ReadOnly.'
  test.each([
    ['Invalid signature', "Postern's signature"],
    ['Untrusted signing certificate', 'does not trust the certificate'],
    ['Untrusted certificate. Insufficient certificate', 'a certificate of this kind'],
    ['Certificate revoked', 'has been revoked'],
    ['Not authorized to set roleSessionName.', 'does not let Postern name the role session'],
    [role, 'does not let IAM Roles Anywhere assume this role'],
    [
      `${role} The requested DurationSeconds exceeds the MaxSessionDuration set for this role.`,
      'more than the role allows',
    ],
    [
      `${role} Some attributes failed to be mapped into session tags. Issuer: [ ]; Subject: [ CN ]; SAN: [ DNS/2 ]`,
      'does not let IAM Roles Anywhere assume this role',
    ],
    ['Something new', 'refused the role session'],
  ])('%s is told with what to do', async (message, says) => {
    const { error, arrived } = await asking(refuse(403, 'AccessDeniedException', message))
    expect(error).toBeInstanceOf(AwsRefused)
    expect(messageOf(error)).toContain(says)
    expect(error).toMatchObject({ fault: { message, requestId: 'request-2' } })
    expect(error).toHaveProperty('remedies.0')
    expect(arrived).toHaveLength(1)
  })

  test.each([
    [404, 'ResourceNotFoundException', 'does not know the trust anchor or the profile'],
    [400, 'ValidationException', 'refused a value'],
    [418, 'TeapotException', 'AWS refused the request (TeapotException).'],
  ])('%i %s too', async (status, code, says) => {
    const { error } = await asking(refuse(status, code, 'no'))
    expect(messageOf(error)).toContain(says)
  })

  test('of throttling and of faults of AWS comes after three tries, each signed anew', async () => {
    for (const [status, code, kind] of [
      [429, 'ThrottlingException', AwsThrottled],
      [503, 'ServiceUnavailable', AwsUnavailable],
    ] as const) {
      const { error, arrived } = await asking(refuse(status, code, 'later'))
      expect(error).toBeInstanceOf(kind)
      expect(arrived.map(({ headers }) => headers['amz-sdk-request'])).toEqual([
        'attempt=1; max=3',
        'attempt=2; max=3',
        'attempt=3; max=3',
      ])
      for (const one of arrived) expect(() => checkSignature(one)).not.toThrow()
    }
  })
})

describe('no answer', () => {
  test('is told as such in bounded time', async () => {
    const { error } = await asking(() => undefined)
    expect(error).toBeInstanceOf(AwsUnavailable)
  })

  test('from a key that can not be used is told as that, and the token is let go of', async () => {
    const { key, source } = keyOf(() => Promise.reject(new KeyFault('file_unreadable', 'no file')))
    const { error, arrived } = await asking(grants(), { key: source })
    expect(error).toBeInstanceOf(KeyFault)
    expect(arrived).toHaveLength(0)
    expect(key.reopened).toBe(1)
  })
})

test('a role of another account is asked for as it is: AWS decides', async () => {
  const { arrived } = await asking(
    refuse(403, 'AccessDeniedException', 'no'),
    {},
    orderOf({ role: roleArn('arn:aws:iam::222222222222:role/ReadOnly') }),
  )
  expect(arrived).toHaveLength(1)
})
