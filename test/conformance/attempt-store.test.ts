import { describe, expect, test } from 'vitest'
import type { AttemptStore, AttemptVerdict } from '../../src/identity/attempt-store.ts'
import { stateEngines } from './state-engines.ts'

const rule = { limit: 3, windowSeconds: 60, blockSeconds: 10, maxBlockSeconds: 35 }
const allowed: AttemptVerdict = { allowed: true, retryAfterSeconds: 0 }
const refusedFor = (seconds: number): AttemptVerdict => ({
  allowed: false,
  retryAfterSeconds: seconds,
})

async function exceed(attempts: AttemptStore): Promise<AttemptVerdict> {
  for (let tries = 0; tries < rule.limit; tries++) {
    expect(await attempts.consume('bob', rule)).toEqual(allowed)
  }
  return attempts.consume('bob', rule)
}

describe.each(stateEngines)('an attempt store on $name', ({ open }) => {
  test('takes as many tries as the rule allows, then blocks', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    expect(await exceed(attempts)).toEqual(refusedFor(10))
    opened.clock.move(4)
    expect(await attempts.consume('bob', rule)).toEqual(refusedFor(6))
    expect(await attempts.consume('alice', rule)).toEqual(allowed)
  })

  test('lets no more through than the rule allows when two hundred come at once', async () => {
    await using opened = await open()
    const verdicts = await Promise.all(
      Array.from({ length: 200 }, () => opened.state.attempts.consume('bob', rule)),
    )
    expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(3)
    expect(await opened.state.attempts.peek('bob', rule)).toEqual(refusedFor(10))
  })

  test('doubles the wait with each block in a row, up to the longest', async () => {
    await using opened = await open()
    for (const seconds of [10, 20, 35, 35]) {
      expect(await exceed(opened.state.attempts)).toEqual(refusedFor(seconds))
      opened.clock.move(seconds)
    }
  })

  test('keeps nobody waiting for longer because the clock was set back', async () => {
    await using opened = await open()
    const { clock } = opened
    const { attempts } = opened.state
    await exceed(attempts)
    clock.move(-60)
    expect(await attempts.peek('bob', rule)).toEqual(refusedFor(70))
    clock.move(-3_600)
    expect(await attempts.peek('bob', rule)).toEqual(allowed)
    expect(await exceed(attempts)).toMatchObject({ allowed: false })
  })

  test('tries during a block do not prolong it', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    await exceed(attempts)
    for (let second = 10; second > 0; second--) {
      expect(await attempts.consume('bob', rule)).toEqual(refusedFor(second))
      opened.clock.move(1)
    }
    expect(await attempts.consume('bob', rule)).toEqual(allowed)
  })

  test('starts with the shortest wait again after a longest wait of peace', async () => {
    await using opened = await open()
    await exceed(opened.state.attempts)
    opened.clock.move(10 + 35)
    expect(await exceed(opened.state.attempts)).toEqual(refusedFor(10))
  })

  test('looks without taking a try', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    for (let looks = 0; looks < 10; looks++) {
      expect(await attempts.peek('bob', rule)).toEqual(allowed)
    }
    await exceed(attempts)
    expect(await attempts.peek('bob', rule)).toEqual(refusedFor(10))
    opened.clock.move(10)
    expect(await attempts.peek('bob', rule)).toEqual(allowed)
  })

  test('says before the last try is gone when the next one would be taken', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    for (let tries = 0; tries < rule.limit; tries++) await attempts.consume('bob', rule)
    opened.clock.move(20)
    expect(await attempts.peek('bob', rule)).toEqual(refusedFor(40))
  })

  test('counts anew once the window is over', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    for (let tries = 0; tries < 12; tries++) {
      expect(await attempts.consume('bob', rule)).toEqual(allowed)
      opened.clock.move(25)
    }
  })

  test('forgets a key after a success, blocks included', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    await exceed(attempts)
    await attempts.reset('bob')
    expect(await exceed(attempts)).toEqual(refusedFor(10))
  })

  test('deletes what no longer counts, and remembers the blocks that do', async () => {
    await using opened = await open()
    const { attempts } = opened.state
    await attempts.consume('alice', rule)
    await exceed(attempts)
    opened.clock.move(30)
    expect(await attempts.deleteExpired(opened.clock.at)).toBe(0)
    expect(await exceed(attempts)).toEqual(refusedFor(20))
    opened.clock.move(30)
    expect(await attempts.deleteExpired(opened.clock.at)).toBe(1)
  })
})
