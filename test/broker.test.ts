import { describe, expect, test } from 'vitest'
import {
  AccessDenied,
  AuditUnavailable,
  AwsUnavailable,
  InvalidDestination,
  InvalidDuration,
} from '../src/errors.ts'
import { ask, bob, context, door, readOnly } from './broker-door.ts'
import { roleOf, secretAccessKey } from './support/broker-fakes.ts'

describe('issuing', () => {
  test('records the request before AWS is asked, and the issue before anything is released', async () => {
    const { broker, log } = door()
    await broker.issue(bob, ask, context)
    expect(log).toEqual([
      'role-session-requested',
      'AWS: AssumeRole',
      'role-session-issued',
      'AWS: getSigninToken',
      'console-url-issued',
    ])
  })

  test('records credentials that are handed out again as that, after a request of their own', async () => {
    const { broker, issuer, log, audit } = door()
    issuer.answer = { reused: true }
    await broker.issue(bob, { ...ask, console: false }, { ...context, asker: 'session-1' })
    expect(log).toEqual(['role-session-requested', 'AWS: AssumeRole', 'credentials-handed-out'])
    expect(audit.events.at(-1)).toMatchObject({ accessKeyId: 'ASIAIOSFODNN7EXAMPLE' })
    expect(issuer.orders[0]).toMatchObject({ asker: 'session-1', facts: { personId: 'bob' } })
  })

  test('releases nothing again when the trail takes no record of it', async () => {
    const { broker, issuer, audit } = door()
    issuer.answer = { reused: true }
    audit.failOn.add('credentials-handed-out')
    await expect(broker.issue(bob, ask, context)).rejects.toThrow(AuditUnavailable)
  })

  test('writes who, why, what and the access key ID into the trail, and no secret', async () => {
    const { broker, audit } = door()
    const session = await broker.issue(bob, ask, context)
    expect(audit.events.find(({ type }) => type === 'role-session-issued')).toMatchObject({
      people: 'staff',
      personId: 'bob',
      method: 'local',
      groups: ['readers'],
      grants: ['grants[0]'],
      role: readOnly,
      issuer: 'hub',
      roleSession: session.id,
      roleSessionName: 'bob',
      credentialsSeconds: 3600,
      consoleSeconds: 43_200,
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      expiration: '2026-11-20T10:00:00.000Z',
      awsRequestId: 'aws-request-1',
      requestId: 'request-1',
      address: '127.0.0.1',
    })
    const trail = JSON.stringify(audit.events)
    expect(trail).not.toContain(secretAccessKey)
    expect(trail).not.toContain('SigninToken')
  })

  test('leads an expired console back to the same account and role', async () => {
    const { broker, consoleSignIn } = door()
    await broker.issue(bob, ask, context)
    expect(consoleSignIn.orders[0]?.issuerUrl).toBe(
      'https://aws.corp.example/?account=111111111111&role=ReadOnly',
    )
  })

  test('leaves SessionDuration out where the console ends with the credentials', async () => {
    const { broker, issuer, consoleSignIn } = door()
    issuer.limitsAnswer = { maxSeconds: 3600, console: 'as-credentials', why: 'AWS caps chaining' }
    const session = await broker.issue(bob, ask, context)
    expect(consoleSignIn.orders[0]?.sessionDurationSeconds).toBeUndefined()
    expect(session.plan.console.seconds).toBe(3600)
  })

  test('says what AWS gave when it gave less, and lets a following console end with it', async () => {
    const { broker, issuer } = door(
      roleOf(readOnly, {
        durations: {
          credentials: { default: 7200, max: 14_400 },
          console: { default: 7200, max: 14_400 },
        },
      }),
    )
    issuer.limitsAnswer = { maxSeconds: 43_200, console: 'as-credentials', why: undefined }
    issuer.answer = { durationSeconds: 3600, notes: ['AWS refused 2 hours.'] }
    const { plan } = await broker.issue(bob, ask, context)
    expect(plan.credentials).toMatchObject({ seconds: 3600, why: 'AWS refused 2 hours.' })
    expect(plan.console.seconds).toBe(3600)
  })

  test('asks for no console when none is wanted', async () => {
    const { broker, consoleSignIn } = door()
    const session = await broker.issue(bob, { ...ask, console: false }, context)
    expect(session.console).toBeUndefined()
    expect(consoleSignIn.orders).toEqual([])
  })

  test('hands out the credentials when only the console failed, and records that', async () => {
    const { broker, consoleSignIn, audit, counted } = door()
    consoleSignIn.failure = new AwsUnavailable('The federation endpoint did not answer.')
    const session = await broker.issue(bob, ask, context)
    expect(session.credentials.secretAccessKey).toBe(secretAccessKey)
    expect(session.console).toBe(consoleSignIn.failure)
    expect(audit.events.at(-1)?.type).toBe('console-url-failed')
    expect(counted).toEqual(['hub issued', 'console failed'])
  })
})

describe('refusing', () => {
  test.each([
    readOnly.replace('ReadOnly', 'Admin'),
    'arn:aws:iam::999999999999:role/X',
    'nonsense',
  ])('refuses %s, records it, and never asks AWS', async (role) => {
    const { broker, log, audit } = door()
    const refusal = broker.issue(bob, { ...ask, role }, context)
    await expect(refusal).rejects.toThrow(AccessDenied)
    await expect(refusal).rejects.toThrow('You have no such role.')
    expect(log).toEqual(['role-session-refused'])
    expect(audit.events[0]).toMatchObject({ role, code: 'access_denied', personId: 'bob' })
  })

  test('records the refusal of a role that somebody only looked at', async () => {
    const { broker, audit } = door()
    const look = broker.offer(bob, 'arn:aws:iam::999999999999:role/X', context)
    await expect(look).rejects.toThrow(AccessDenied)
    expect(audit.events).toMatchObject([{ type: 'role-session-refused', personId: 'bob' }])
  })

  test('refuses somebody of another population with the same name and groups', async () => {
    const { broker } = door()
    const other = { ...bob, person: { people: 'guests', id: 'bob' } }
    await expect(broker.issue(other, ask, context)).rejects.toThrow(AccessDenied)
  })

  test('refuses a duration over the maximum, and records it', async () => {
    const { broker, log } = door()
    const refusal = broker.issue(bob, { ...ask, duration: 20_000 }, context)
    await expect(refusal).rejects.toThrow(InvalidDuration)
    expect(log).toEqual(['role-session-refused'])
  })

  test('refuses a destination before AWS is asked, and records it', async () => {
    const { broker, consoleSignIn, log } = door()
    consoleSignIn.checkDestination = () => {
      throw new InvalidDestination('Not a console address.')
    }
    const refusal = broker.issue(bob, { ...ask, destination: 'https://evil.example' }, context)
    await expect(refusal).rejects.toThrow(InvalidDestination)
    expect(log).toEqual(['role-session-refused'])
  })

  test('records what AWS refused, and rejects with it', async () => {
    const { broker, issuer, log } = door()
    issuer.answer = new AwsUnavailable('STS did not answer.')
    await expect(broker.issue(bob, ask, context)).rejects.toBe(issuer.answer)
    expect(log).toEqual(['role-session-requested', 'AWS: AssumeRole', 'role-session-failed'])
  })
})

describe('with a trail that cannot be written', () => {
  test('asks AWS for nothing', async () => {
    const { broker, audit, log } = door()
    audit.failOn.add('role-session-requested')
    await expect(broker.issue(bob, ask, context)).rejects.toThrow(AuditUnavailable)
    expect(log).toEqual([])
  })

  test('releases no credentials that AWS gave', async () => {
    const { broker, audit, log } = door()
    audit.failOn.add('role-session-issued')
    await expect(broker.issue(bob, ask, context)).rejects.toThrow(AuditUnavailable)
    expect(log).toEqual(['role-session-requested', 'AWS: AssumeRole'])
  })

  test('releases no sign-in URL, nor the credentials that came with it', async () => {
    const { broker, audit } = door()
    audit.failOn.add('console-url-issued').add('console-url-failed')
    await expect(broker.issue(bob, ask, context)).rejects.toThrow(AuditUnavailable)
  })

  test('tells nobody about a refusal that it could not record', async () => {
    const { broker, audit } = door()
    audit.failOn.add('role-session-refused')
    const refusal = broker.issue(bob, { ...ask, role: 'nonsense' }, context)
    await expect(refusal).rejects.toThrow(AuditUnavailable)
  })
})
