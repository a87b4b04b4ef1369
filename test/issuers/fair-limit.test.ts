import { describe, expect, test } from 'vitest'
import { TooManyRequests } from '../../src/errors.ts'
import { FairLimit } from '../../src/issuers/fair-limit.ts'
import { Limits } from '../../src/issuers/limits.ts'
import { FakeIssuer } from '../support/broker-fakes.ts'
import { orderOf } from './orders.ts'

/** A clock that only pauses move, and that waits for the test before each. */
function limited(perSecond: number, waiting: number) {
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const pauses: { milliseconds: number; end: () => void }[] = []
  const effects = {
    now: () => new Date(clock.now),
    sleep: async (milliseconds: number) => {
      const { promise, resolve } = Promise.withResolvers<undefined>()
      pauses.push({
        milliseconds,
        end: () => {
          clock.now += milliseconds
          resolve(undefined)
        },
      })
      await promise
    },
  }
  const limit = new FairLimit({ perSecond, waiting }, effects)
  const admitted: string[] = []
  const refused: string[] = []
  const ask = (person: string): void => {
    limit.admit(person).then(
      () => admitted.push(person),
      (error: unknown) => {
        if (error instanceof TooManyRequests) refused.push(person)
      },
    )
  }
  const turn = async (): Promise<void> => {
    pauses.shift()?.end()
    for (let tick = 0; tick < 20; tick += 1) await Promise.resolve()
  }
  return { clock, effects, limit, ask, turn, admitted, refused, pauses }
}

async function settled(): Promise<void> {
  for (let tick = 0; tick < 20; tick += 1) await Promise.resolve()
}

describe('below the limit', () => {
  test('everybody goes through at once', async () => {
    const { ask, admitted, pauses } = limited(10, 5)
    for (let count = 0; count < 10; count += 1) ask('bob')
    await settled()
    expect(admitted).toHaveLength(10)
    expect(pauses).toHaveLength(0)
  })

  test('a quiet second gives the whole second back, and a quiet hour no more', async () => {
    const { clock, ask, admitted } = limited(10, 5)
    for (let count = 0; count < 10; count += 1) ask('bob')
    clock.now += 3_600_000
    for (let count = 0; count < 12; count += 1) ask('bob')
    await settled()
    expect(admitted).toHaveLength(20)
  })
})

describe('above the limit', () => {
  test('people wait for a tenth of a second each at ten a second', async () => {
    const { ask, turn, admitted, pauses } = limited(10, 50)
    for (let count = 0; count < 13; count += 1) ask('bob')
    await settled()
    expect(admitted).toHaveLength(10)
    expect(pauses[0]?.milliseconds).toBe(100)
    await turn()
    expect(admitted).toHaveLength(11)
    await turn()
    await turn()
    expect(admitted).toHaveLength(13)
  })

  test('never more than the limit go through in any second, also at hundreds', async () => {
    const { clock, ask, turn, admitted } = limited(500, 5000)
    for (let count = 0; count < 1500; count += 1) ask('bob')
    await settled()
    const start = clock.now
    while (clock.now - start < 1000) await turn()
    expect(admitted.length).toBeLessThanOrEqual(1002)
    expect(admitted.length).toBeGreaterThanOrEqual(998)
  })

  test('they take turns: who asks once does not wait behind who asks a hundred times', async () => {
    const { ask, turn, admitted } = limited(1, 500)
    ask('flood')
    for (let count = 0; count < 100; count += 1) ask('flood')
    ask('alice')
    ask('bob')
    await settled()
    for (let count = 0; count < 4; count += 1) await turn()
    expect(admitted.slice(1)).toEqual(['flood', 'alice', 'bob', 'flood'])
  })

  test('a full queue tells the newcomer to come back, with the seconds', async () => {
    const { limit, ask } = limited(2, 4)
    for (let count = 0; count < 6; count += 1) ask('bob')
    const refusal: unknown = await limit.admit('bob').catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(TooManyRequests)
    expect(refusal).toMatchObject({ status: 429, retryAfterSeconds: 2 })
    expect(String(refusal)).toContain('4 requests wait already. Try again in 2 seconds.')
  })

  test('a full queue makes room for who has fewer in it, at the cost of who has most', async () => {
    const { ask, turn, admitted, refused } = limited(1, 3)
    ask('flood')
    for (let count = 0; count < 3; count += 1) ask('flood')
    ask('alice')
    await settled()
    expect(refused).toEqual(['flood'])
    for (let count = 0; count < 3; count += 1) await turn()
    expect(admitted).toEqual(['flood', 'flood', 'alice', 'flood'])
  })

  test('nobody loses a place to somebody who has as many', async () => {
    const { ask, refused } = limited(1, 2)
    ask('first')
    ask('alice')
    ask('bob')
    ask('carol')
    await settled()
    expect(refused).toEqual(['carol'])
  })
})

test('each account and region has a limit of its own, which issuers share', async () => {
  const { effects } = limited(1, 0)
  const limits = new Limits(effects)
  const bare = new FakeIssuer()
  const inRegion = ({ region = 'none' }: { region: string | undefined }) => region
  const hub = limits.guard(bare, { perSecond: 1, waiting: 0 }, inRegion)
  const same = limits.guard(bare, { perSecond: 1, waiting: 0 }, inRegion)
  await hub.issue(orderOf({ region: 'eu-west-1' }))
  await expect(same.issue(orderOf({ region: 'eu-west-1' }))).rejects.toThrow(TooManyRequests)
  await expect(hub.issue(orderOf({ region: 'eu-central-1' }))).resolves.toBeDefined()
})
