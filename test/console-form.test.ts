import { describe, expect, test } from 'vitest'
import { createBroker } from '../src/broker.ts'
import { AccessDenied, AuditUnavailable, InvalidDestination } from '../src/errors.ts'
import type { ConsoleForms, IssueOrder } from '../src/issuers/issuer.ts'
import type { RoleSessionRequest } from '../src/role-session.ts'
import {
  catalogueOf,
  FakeConsole,
  FakeIssuer,
  FakeTrail,
  identityOf,
  roleOf,
} from './support/broker-fakes.ts'
import { silentLogger } from './support/silent-logger.ts'

const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const context = { requestId: 'request-1', address: '127.0.0.1' }
const bob = identityOf('bob')
const ask: RoleSessionRequest = {
  role: readOnly,
  duration: undefined,
  console: true,
  consoleDuration: 7200,
  destination: 'https://console.aws.amazon.com/s3/home',
  region: undefined,
}

function door(role = roleOf(readOnly), respond?: ConsoleForms['respond']) {
  const log: string[] = []
  const audit = new FakeTrail(log)
  const consoleSignIn = new FakeConsole(log)
  const orders: IssueOrder[] = []
  const forms: ConsoleForms = {
    respond:
      respond ??
      ((order) => {
        orders.push(order)
        log.push('signed')
        return Promise.resolve({ response: 'PFJlc3BvbnNlLz4=', recipient: 'https://aws/saml' })
      }),
  }
  const broker = createBroker({
    catalogue: catalogueOf(role),
    issuers: new Map([['hub', new FakeIssuer(log)]]),
    consoleForms: new Map([['hub', forms]]),
    consoleSignIn,
    audit,
    effects: {
      now: () => new Date('2026-11-20T09:00:00Z'),
      randomBytes: (length) => Buffer.alloc(length, 7),
    },
    logger: silentLogger,
    metrics: { roleSession: () => undefined, consoleUrl: () => undefined },
    publicUrl: 'https://aws.corp.example',
  })
  return { broker, audit, log, orders, consoleSignIn }
}

describe('the form that signs in to the console', () => {
  test('is recorded before it is signed and before it is released, and asks STS for nothing', async () => {
    const { broker, log, audit, orders } = door()
    await expect(broker.consoleForm(bob, ask, context)).resolves.toMatchObject({
      url: 'https://aws/saml',
      fields: {
        SAMLResponse: 'PFJlc3BvbnNlLz4=',
        RelayState: 'https://console.aws.amazon.com/s3/home',
      },
    })
    expect(log).toEqual(['console-url-requested', 'signed', 'console-url-issued'])
    expect(orders[0]).toMatchObject({ durationSeconds: 7200, roleSessionName: 'bob' })
    expect(audit.events[1]).toMatchObject({
      personId: 'bob',
      role: readOnly,
      issuer: 'hub',
      grants: ['grants[0]'],
      consoleSeconds: 7200,
      destination: 'https://console.aws.amazon.com/s3/home',
    })
    expect(JSON.stringify(audit.events)).not.toContain('PFJlc3BvbnNlLz4')
  })

  test.each(['console-url-requested', 'console-url-issued'])(
    'is not released when the trail takes no %s',
    async (type) => {
      const { broker, audit } = door()
      audit.failOn.add(type)
      await expect(broker.consoleForm(bob, ask, context)).rejects.toThrow(AuditUnavailable)
    },
  )

  test('is refused like a role session, and that is recorded', async () => {
    const { broker, log, orders } = door()
    const other = { ...ask, role: 'arn:aws:iam::111111111111:role/Admin' }
    await expect(broker.consoleForm(bob, other, context)).rejects.toThrow(AccessDenied)
    expect(log).toEqual(['role-session-refused'])
    expect(orders).toEqual([])
  })

  test('goes only to a destination that the console sign-in allows', async () => {
    const { broker, consoleSignIn, orders } = door()
    consoleSignIn.checkDestination = () => {
      throw new InvalidDestination('not there')
    }
    await expect(broker.consoleForm(bob, ask, context)).rejects.toThrow(InvalidDestination)
    expect(orders).toEqual([])
  })

  test('that fails is recorded as failed', async () => {
    const { broker, log } = door(roleOf(readOnly), () => Promise.reject(new Error('no key')))
    await expect(broker.consoleForm(bob, ask, context)).rejects.toThrow('no key')
    expect(log).toEqual(['console-url-requested', 'console-url-failed'])
  })

  test.each([
    ['another issuer', { issuer: 'other' }],
    ['a session policy, which no assertion carries', { policy: '{}' }],
    ['managed session policies', { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }],
  ])('is none for a role with %s', async (_what, settings) => {
    const plain = roleOf(readOnly)
    const { issuer = 'hub', ...session } = { issuer: undefined, ...settings }
    const role = roleOf(readOnly, { issuer, session: { ...plain.session, ...session } })
    const { broker, orders, log } = door(role)
    // The door itself is opened by the caller, by credentials.
    const form = await broker.consoleForm(bob, ask, context)
    expect(form).toBeUndefined()
    expect([orders, log]).toEqual([[], []])
  })
})
