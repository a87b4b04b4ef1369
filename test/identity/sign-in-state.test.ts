import { setTimeout as delay } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { createSignInStates } from '../../src/identity/sign-in-state.ts'
import { openState } from '../../src/state/open-state.ts'

const visitor = { key: 'k'.repeat(43), address: '203.0.113.9' }
const link = { path: '/console?account=111111111111&role=ReadOnly', form: undefined }

function statesOnAClock() {
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const state = openState('sqlite::memory:', {
    now: () => new Date(clock.now),
    sleep: (milliseconds) => delay(milliseconds),
  })
  onTestFinished(() => state.close())
  const states = createSignInStates({
    store: state.signInStates,
    attempts: state.attempts,
    now: () => new Date(clock.now),
    isReturnable: (path) => path.startsWith('/console') || path.startsWith('/role'),
  })
  return { clock, state, states }
}

test('gives a place back to the browser that left it, and to no other', async () => {
  const { states } = statesOnAClock()
  const number = (await states.remember(visitor, link)) ?? ''
  expect(number).toMatch(/^\d+$/)
  await expect(states.recall('x'.repeat(43), number)).resolves.toBeUndefined()
  await expect(states.recall(visitor.key, number)).resolves.toEqual(link)
  await expect(states.take(visitor.key, number)).resolves.toEqual(link)
  await expect(states.take(visitor.key, number)).resolves.toBeUndefined()
})

test('keeps a form with its place', async () => {
  const { states } = statesOnAClock()
  const place = { path: '/role?account=1', form: { duration: '3600', destination: 'https://x/' } }
  const number = await states.remember(visitor, place)
  await expect(states.recall(visitor.key, number ?? '')).resolves.toEqual(place)
})

test('forgets a place after ten minutes', async () => {
  const { clock, states } = statesOnAClock()
  const number = (await states.remember(visitor, link)) ?? ''
  clock.now += 599_000
  await expect(states.recall(visitor.key, number)).resolves.toEqual(link)
  clock.now += 1_000
  await expect(states.recall(visitor.key, number)).resolves.toBeUndefined()
})

test('keeps nothing that is not ours, and nothing too large', async () => {
  const { states } = statesOnAClock()
  const foreign = { path: 'https://evil.example/', form: undefined }
  await expect(states.remember(visitor, foreign)).resolves.toBeUndefined()
  const large = { path: '/role', form: { destination: 'x'.repeat(20_000) } }
  await expect(states.remember(visitor, large)).resolves.toBeUndefined()
})

test('keeps at most sixteen places for one browser', async () => {
  const { clock, state, states } = statesOnAClock()
  for (let n = 0; n < 200; n += 1)
    await states.remember(visitor, { ...link, path: `/console?${n}` })
  clock.now += 3_600_000
  await expect(state.signInStates.deleteExpired(clock.now)).resolves.toBeLessThanOrEqual(16)
})

test('lets one address fill only so much, and still lets people sign in', async () => {
  const { clock, state, states } = statesOnAClock()
  const kept: (string | undefined)[] = []
  for (let n = 0; n < 1100; n += 1) {
    kept.push(await states.remember({ ...visitor, key: `${n}`.padEnd(43, 'x') }, link))
  }
  expect(kept.at(-1)).toBeUndefined()
  clock.now += 3_600_000
  await expect(state.signInStates.deleteExpired(clock.now)).resolves.toBe(1000)
})

test.each(['16', '-1', '1e1', '01', '', '__proto__', '1\n'])(
  'knows no place %j',
  async (number) => {
    const { states } = statesOnAClock()
    await expect(states.recall(visitor.key, number)).resolves.toBeUndefined()
    await expect(states.take(visitor.key, number)).resolves.toBeUndefined()
  },
)
