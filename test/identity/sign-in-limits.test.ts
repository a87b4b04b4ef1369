import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, onTestFinished, test } from 'vitest'
import { StateUnavailable, TooManyRequests } from '../../src/errors.ts'
import type { AttemptStore } from '../../src/identity/attempt-store.ts'
import { createSignInLimits, type SignInTry } from '../../src/identity/sign-in-limits.ts'
import { openState } from '../../src/state/open-state.ts'

const rules = {
  address: { limit: 3, windowSeconds: 600, blockSeconds: 60, maxBlockSeconds: 240 },
  name: { limit: 2, windowSeconds: 300, blockSeconds: 30, maxBlockSeconds: 100 },
}
const bob: SignInTry = { address: '203.0.113.9', people: 'staff', name: 'bob' }

function limitsOnAClock() {
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const state = openState('sqlite::memory:', {
    now: () => new Date(clock.now),
    sleep: (milliseconds) => delay(milliseconds),
  })
  onTestFinished(() => state.close())
  return { clock, limits: createSignInLimits(state.attempts, rules) }
}

async function waitOf(admitting: Promise<void>): Promise<number> {
  const error = await admitting.catch((reason: unknown) => reason)
  return error instanceof TooManyRequests ? error.retryAfterSeconds : 0
}

describe('limits of sign-ins', () => {
  test('take so many tries for a name, then make it wait, and wait longer each time', async () => {
    const { clock, limits } = limitsOnAClock()
    const waits: number[] = []
    for (let round = 0; round < 4; round += 1) {
      await limits.admit(bob)
      await limits.admit(bob)
      const wait = await waitOf(limits.admit(bob))
      waits.push(wait)
      clock.now += wait * 1000
    }
    expect(waits).toEqual([30, 60, 100, 100])
  })

  test('count a name whatever its case, and in each population by itself', async () => {
    const { limits } = limitsOnAClock()
    await limits.admit(bob)
    await limits.admit({ ...bob, name: 'BOB' })
    expect(await waitOf(limits.admit({ ...bob, name: 'Bob' }))).toBe(30)
    await limits.admit({ ...bob, people: 'partners' })
  })

  test('let a name start afresh after a success', async () => {
    const { limits } = limitsOnAClock()
    for (let round = 0; round < 5; round += 1) {
      await limits.admit(bob)
      await limits.succeeded(bob)
    }
    await limits.admit(bob)
  })

  test('count tries that come at once', async () => {
    const { limits } = limitsOnAClock()
    const waits = await Promise.all(Array.from({ length: 50 }, () => waitOf(limits.admit(bob))))
    expect(waits.filter((wait) => wait === 0)).toHaveLength(2)
  })

  test('stop one address that tries many names, by the /64 where it has IPv6', async () => {
    const { limits } = limitsOnAClock()
    for (const n of [1, 2, 3]) {
      const signIn = { address: `2001:db8:0:7::${n}`, people: 'staff', name: `user${n}` }
      await limits.admit(signIn)
      await limits.refused(signIn)
    }
    const next = { address: '2001:db8:0:7:ffff::1', people: 'staff', name: 'user4' }
    await limits.refused(next)
    expect(await waitOf(limits.admit(next))).toBeGreaterThan(0)
    await limits.admit({ ...next, address: '2001:db8:0:8::1' })
  })

  test('let a whole office sign in from one address', async () => {
    const { limits } = limitsOnAClock()
    for (let n = 0; n < 20; n += 1) {
      await limits.admit({ ...bob, name: `user${n}` })
      await limits.succeeded({ ...bob, name: `user${n}` })
    }
  })

  test('refuse everybody when tries can’t be counted', async () => {
    const broken = () => Promise.reject(new Error('connection lost'))
    const store: AttemptStore = {
      consume: broken,
      peek: broken,
      reset: broken,
      deleteExpired: broken,
    }
    const limits = createSignInLimits(store, rules)
    await expect(limits.admit(bob)).rejects.toBeInstanceOf(StateUnavailable)
    await expect(limits.refused(bob)).rejects.toBeInstanceOf(StateUnavailable)
    await expect(limits.succeeded(bob)).rejects.toBeInstanceOf(StateUnavailable)
  })
})
