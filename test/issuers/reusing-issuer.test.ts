import { describe, expect, test } from 'vitest'
import { AwsUnavailable } from '../../src/errors.ts'
import type { Issued, IssueOrder, Issuer } from '../../src/issuers/issuer.ts'
import { reusingIssuer } from '../../src/issuers/reusing-issuer.ts'
import { FakeIssuer, roleArn } from '../support/broker-fakes.ts'
import { orderOf } from './orders.ts'

/** Gives new credentials each time, and can be made to wait. */
class CountingIssuer extends FakeIssuer {
  gate: Promise<unknown> = Promise.resolve()

  override async issue(order: IssueOrder): Promise<Issued> {
    const accessKeyId = `ASIA${String(this.orders.length + 1).padStart(16, '0')}`
    const issued = await super.issue(order)
    await this.gate
    return { ...issued, credentials: { ...issued.credentials, accessKeyId } }
  }
}

function reusing(seconds = 60, most?: number) {
  const bare = new CountingIssuer()
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const issuer = reusingIssuer(bare, {
    effects: { now: () => new Date(clock.now) },
    seconds,
    most,
  })
  return { bare, clock, issuer }
}

const keyOf = async (issuer: Issuer, order: IssueOrder) =>
  (await issuer.issue(order)).credentials.accessKeyId

describe('the same order within a minute', () => {
  test('gets the same credentials from one call, and the second are marked', async () => {
    const { bare, clock, issuer } = reusing()
    const first = await issuer.issue(orderOf())
    clock.now += 59_999
    const second = await issuer.issue(orderOf())
    expect(bare.orders).toHaveLength(1)
    expect(first.reused).toBeUndefined()
    expect(second).toEqual({ ...first, reused: true })
  })

  test('is asked anew once the minute is over', async () => {
    const { bare, clock, issuer } = reusing()
    await issuer.issue(orderOf())
    clock.now += 60_000
    expect((await issuer.issue(orderOf())).reused).toBeUndefined()
    expect(bare.orders).toHaveLength(2)
  })

  test('joins a call that is under way: fifty at once are one call', async () => {
    const { bare, issuer } = reusing()
    const gate = Promise.withResolvers<undefined>()
    bare.gate = gate.promise
    const all = Promise.all(Array.from({ length: 50 }, () => issuer.issue(orderOf())))
    gate.resolve(undefined)
    const issued = await all
    expect(bare.orders).toHaveLength(1)
    expect(issued.filter(({ reused }) => reused === true)).toHaveLength(49)
  })

  test('reads tags and facts without regard to their order or presence', async () => {
    const { bare, issuer } = reusing()
    await issuer.issue(orderOf({ tags: { a: '1', b: '2' } }))
    const facts = { requestId: 'other', address: '::1' }
    await issuer.issue(orderOf({ tags: { b: '2', a: '1' }, facts }))
    expect(bare.orders).toHaveLength(1)
  })
})

describe('credentials are never handed out again', () => {
  const others: readonly (readonly [string, Partial<IssueOrder>])[] = [
    ['person', { person: { people: 'staff', id: 'alice' } }],
    ['population, with the same ID', { person: { people: 'partners', id: 'bob' } }],
    [
      'person whose key reads alike with another separator',
      { person: { people: 'staff/b', id: 'ob' } },
    ],
    ['browser session or token', { asker: 'session-2' }],
    ['role', { role: roleArn('arn:aws:iam::111111111111:role/Admin') }],
    ['duration', { durationSeconds: 3601 }],
    ['role session name', { roleSessionName: 'bob2' }],
    ['source identity', { sourceIdentity: 'bob' }],
    ['tag', { tags: { Team: 'red' } }],
    ['transitive tag', { transitiveTagKeys: ['Team'] }],
    ['session policy', { policy: '{}' }],
    ['managed policy', { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] }],
    ['external ID', { externalId: 'x' }],
    ['region', { region: 'eu-west-1' }],
  ]

  test.each(others)('to another %s', async (_what, other) => {
    const { bare, issuer } = reusing()
    const first = await keyOf(issuer, orderOf())
    expect(await keyOf(issuer, orderOf(other))).not.toBe(first)
    expect(bare.orders).toHaveLength(2)
    expect(await keyOf(issuer, orderOf())).toBe(first)
  })

  test('to another person while the first is still waiting', async () => {
    const { bare, issuer } = reusing()
    const gate = Promise.withResolvers<undefined>()
    bare.gate = gate.promise
    const both = [orderOf(), orderOf({ person: { people: 'staff', id: 'alice' } })]
    const keys = both.map((order) => keyOf(issuer, order))
    gate.resolve(undefined)
    expect(new Set(await Promise.all(keys)).size).toBe(2)
  })

  test('where nothing says who asks', async () => {
    const { bare, issuer } = reusing()
    const anonymous = orderOf({ asker: undefined })
    await issuer.issue(anonymous)
    expect((await issuer.issue(anonymous)).reused).toBeUndefined()
    expect(bare.orders).toHaveLength(2)
  })

  test('where reuse is switched off', async () => {
    const { bare, issuer } = reusing(0)
    await issuer.issue(orderOf())
    await issuer.issue(orderOf())
    expect(bare.orders).toHaveLength(2)
  })
})

describe('what is held', () => {
  test('is no failure: those who waited share it, the next asks anew', async () => {
    const { bare, issuer } = reusing()
    bare.answer = new AwsUnavailable('no answer')
    const both = await Promise.allSettled([issuer.issue(orderOf()), issuer.issue(orderOf())])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect(bare.orders).toHaveLength(1)
    bare.answer = {}
    expect((await issuer.issue(orderOf())).reused).toBeUndefined()
  })

  test('stays within its bound, and the oldest goes first', async () => {
    const { bare, issuer } = reusing(60, 2)
    for (const asker of ['a', 'b', 'c', 'c', 'b', 'a']) await issuer.issue(orderOf({ asker }))
    expect(bare.orders.map(({ asker }) => asker)).toEqual(['a', 'b', 'c', 'a'])
  })
})
