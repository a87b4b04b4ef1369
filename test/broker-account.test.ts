import { describe, expect, test } from 'vitest'
import type { Broker } from '../src/broker.ts'
import type { Accounts } from '../src/broker/broker-parts.ts'
import { AccessDenied } from '../src/errors.ts'
import type { ConsoleUrlOrder } from '../src/role-session.ts'
import { ask, bob, context, door, readOnly } from './broker-door.ts'
import { secretAccessKey } from './support/broker-fakes.ts'

describe('an account that was looked at again', () => {
  const order: ConsoleUrlOrder = {
    roleSession: 'role-session-1',
    roleArn: readOnly,
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey,
      sessionToken: 'token',
      expiration: new Date('2026-11-20T10:00:00Z'),
    },
    issuedAt: new Date('2026-11-20T09:00:00Z'),
    consoleSeconds: 3600,
    sendDuration: true,
    destination: undefined,
    region: undefined,
  }
  const disabled: Accounts = {
    current: () => Promise.reject(new AccessDenied('Your account is disabled.')),
  }

  test.each([
    ['issue', (broker: Broker) => broker.issue(bob, ask, context)],
    ['consoleUrl', (broker: Broker) => broker.consoleUrl(bob, order, context)],
    ['consoleForm', (broker: Broker) => broker.consoleForm(bob, ask, context)],
    ['offer', (broker: Broker) => broker.offer(bob, readOnly, context)],
  ])('and may not be used any more gets nothing by %s, and the trail says so', async (_, use) => {
    const { broker, log, audit } = door(undefined, disabled)
    await expect(use(broker)).rejects.toThrow('Your account is disabled.')
    expect(log).toEqual(['role-session-refused'])
    expect(audit.events[0]).toMatchObject({ personId: 'bob', role: readOnly })
  })

  test('is decided by the groups of now', async () => {
    const left: Accounts = { current: (identity) => Promise.resolve({ ...identity, groups: [] }) }
    const { broker, log } = door(undefined, left)
    await expect(broker.issue(bob, ask, context)).rejects.toThrow(AccessDenied)
    expect(log).toEqual(['role-session-refused'])
  })
})
