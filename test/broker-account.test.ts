import { describe, expect, test } from 'vitest'
import type { Broker } from '../src/broker.ts'
import type { Accounts } from '../src/broker/broker-parts.ts'
import { AccessDenied } from '../src/errors.ts'
import { ask, bob, context, door, order, readOnly } from './broker-door.ts'

describe('an account that was looked at again', () => {
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
