import { expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable } from '../../src/errors.ts'
import { AwsThrottled } from '../../src/issuers/aws-throttled.ts'
import { Circuit, CircuitOpen } from '../../src/issuers/circuit.ts'
import { Circuits } from '../../src/issuers/circuits.ts'
import { FakeIssuer } from '../support/broker-fakes.ts'
import { orderOf } from './orders.ts'

function circuit() {
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const effects = { now: () => new Date(clock.now) }
  const made = new Circuit('sts.example', effects, { failures: 3, pause: 20_000 })
  const calls = { count: 0 }
  const run = (error?: Error) =>
    made.run(() => {
      calls.count += 1
      return error ? Promise.reject(error) : Promise.resolve('answer')
    })
  const fail = () => run(new AwsUnavailable('dead')).catch((error: unknown) => error)
  return { circuit: made, clock, effects, calls, run, fail }
}

const fault = {
  operation: 'AssumeRole',
  status: 403,
  code: 'AccessDenied',
  message: 'no',
  requestId: undefined,
}

test('opens after failures in a row, fails at once then, and tells operators since when', async () => {
  const { circuit: opened, clock, calls, run, fail } = circuit()
  await fail()
  clock.now += 1000
  await fail()
  expect(opened.fault).toBeUndefined()
  await fail()
  expect(opened.fault).toBe(
    'sts.example has not answered since 2026-11-20T09:00:00.000Z (3 failures in a row)',
  )
  await expect(run()).rejects.toThrow(CircuitOpen)
  await expect(run()).rejects.toThrow('Postern asks it again in 20 seconds')
  expect(calls.count).toBe(3)
})

test('lets one call try after the pause, and closes when it is answered', async () => {
  const { circuit: opened, clock, run, fail } = circuit()
  for (let failure = 0; failure < 3; failure += 1) await fail()
  clock.now += 20_000
  const gate = Promise.withResolvers<string>()
  const trial = opened.run(() => gate.promise)
  await expect(run()).rejects.toThrow(CircuitOpen)
  gate.resolve('answer')
  await expect(trial).resolves.toBe('answer')
  expect(opened.fault).toBeUndefined()
  await expect(run()).resolves.toBe('answer')
})

test('lets one call try when the clock was set back by more than the pause', async () => {
  const { clock, run, fail } = circuit()
  for (let failure = 0; failure < 3; failure += 1) await fail()
  clock.now -= 3_600_000
  await expect(run()).resolves.toBe('answer')
})

test('stays open for another pause when the trial fails', async () => {
  const { clock, calls, run, fail } = circuit()
  for (let failure = 0; failure < 3; failure += 1) await fail()
  clock.now += 20_000
  await fail()
  clock.now += 19_999
  await expect(run()).rejects.toThrow(CircuitOpen)
  expect(calls.count).toBe(4)
  clock.now += 1
  await expect(run()).resolves.toBe('answer')
})

test.each([
  ['success', undefined],
  ['refusal', new AwsRefused('refused', { causes: [], remedies: [] }, fault)],
  ['throttling', new AwsThrottled('Throttling')],
])('takes a %s for an answer, so only failures in a row count', async (_what, answer) => {
  const { circuit: closed, run, fail } = circuit()
  await fail()
  await fail()
  await run(answer).catch(() => undefined)
  await fail()
  await fail()
  expect(closed.fault).toBeUndefined()
})

test('guards one endpoint for all issuers, and no other with it', async () => {
  const { effects } = circuit()
  const circuits = new Circuits(effects, { failures: 1 })
  const dead = new FakeIssuer()
  dead.answer = new AwsUnavailable('dead')
  const alive = new FakeIssuer()
  const first = circuits.guard(dead, () => 'sts.example')
  const same = circuits.guard(alive, () => 'sts.example')
  const other = circuits.guard(alive, () => 'sts.other')
  await expect(first.issue(orderOf())).rejects.toThrow('dead')
  await expect(same.issue(orderOf())).rejects.toThrow(CircuitOpen)
  await expect(other.issue(orderOf())).resolves.toMatchObject({ durationSeconds: 3600 })
  expect(circuits.faults()).toHaveLength(1)
  expect(circuits.faults()[0]).toContain('sts.example has not answered')
})
