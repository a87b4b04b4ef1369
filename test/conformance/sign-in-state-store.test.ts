import { describe, expect, test } from 'vitest'
import { stateEngines } from './state-engines.ts'

const started = {
  idHash: 'state-1',
  method: 'adfs',
  browserHash: 'browser-1',
  data: '{"returnTo":"/"}',
  expiresAt: 5_000,
}

describe.each(stateEngines)('a sign-in state store on $name', ({ open }) => {
  test('gives back what was put, with and without a method', async () => {
    await using opened = await open()
    const { signInStates } = opened.state
    await signInStates.put({ ...started, method: undefined })
    expect(await signInStates.read('state-1', 1_000)).toEqual({ ...started, method: undefined })
    await signInStates.put(started)
    expect(await signInStates.read('state-1', 1_000)).toEqual(started)
  })

  test('gives a state to exactly one of fifty who take it at once', async () => {
    await using opened = await open()
    const { signInStates } = opened.state
    await signInStates.put(started)
    const taken = await Promise.all(
      Array.from({ length: 50 }, () => signInStates.take('state-1', 1_000)),
    )
    expect(taken.filter((state) => state !== undefined)).toEqual([started])
    expect(await signInStates.read('state-1', 1_000)).toBeUndefined()
  })

  test('gives no state that has expired', async () => {
    await using opened = await open()
    const { signInStates } = opened.state
    await signInStates.put(started)
    expect(await signInStates.read('state-1', 5_000)).toBeUndefined()
    expect(await signInStates.take('state-1', 5_000)).toBeUndefined()
    expect(await signInStates.deleteExpired(5_000)).toBe(1)
  })
})
