import { expect, test } from 'vitest'
import type { Credentials } from '../../src/credentials/credentials.ts'
import { AwsUnavailable } from '../../src/errors.ts'
import { RenewedCredentials } from '../../src/issuers/renewed-credentials.ts'
import { RecordingLogger } from '../support/recording-logger.ts'

const minute = 60_000

function renewing() {
  const clock = { now: Date.parse('2026-11-20T09:00:00Z') }
  const flights: PromiseWithResolvers<Credentials>[] = []
  const logger = new RecordingLogger()
  const renewed = new RenewedCredentials({
    fetch: () => {
      const flight = Promise.withResolvers<Credentials>()
      flights.push(flight)
      return flight.promise
    },
    effects: { now: () => new Date(clock.now) },
    logger,
  })
  const land = async (name: string): Promise<void> => {
    flights.at(-1)?.resolve({
      accessKeyId: name,
      secretAccessKey: 'secret',
      sessionToken: 'token',
      expiration: new Date(clock.now + 60 * minute),
    })
    await new Promise(setImmediate)
  }
  const keyNow = async () => (await renewed.current()).accessKeyId
  return { clock, flights, logger, renewed, land, keyNow }
}

test('are fetched once, however many ask at first', async () => {
  const { flights, land, keyNow } = renewing()
  const all = Promise.all([keyNow(), keyNow(), keyNow()])
  await land('first')
  expect(await all).toEqual(['first', 'first', 'first'])
  expect(flights).toHaveLength(1)
})

test('are renewed a quarter of an hour ahead by one flight, while the former go on', async () => {
  const { clock, flights, land, keyNow } = renewing()
  void keyNow()
  await land('first')
  clock.now += 45 * minute - 1
  expect(await keyNow()).toBe('first')
  expect(flights).toHaveLength(1)
  clock.now += 1
  expect([await keyNow(), await keyNow(), await keyNow()]).toEqual(['first', 'first', 'first'])
  expect(flights).toHaveLength(2)
  await land('second')
  expect(await keyNow()).toBe('second')
})

test('go on for as long as they hold when a renewal fails, and it is tried again in half a minute', async () => {
  const { clock, flights, logger, land, keyNow } = renewing()
  void keyNow()
  await land('first')
  clock.now += 50 * minute
  expect(await keyNow()).toBe('first')
  flights.at(-1)?.reject(new AwsUnavailable('no answer'))
  await new Promise(setImmediate)
  expect(logger.text()).toContain('could not be renewed yet')
  expect(await keyNow()).toBe('first')
  expect(flights).toHaveLength(2)
  clock.now += minute / 2
  expect(await keyNow()).toBe('first')
  expect(flights).toHaveLength(3)
  await land('third')
  expect(await keyNow()).toBe('third')
})

test('fail when none are left that hold', async () => {
  const { clock, flights, land, keyNow } = renewing()
  void keyNow()
  await land('first')
  clock.now += 59 * minute
  const asked = keyNow()
  flights.at(-1)?.reject(new AwsUnavailable('no answer'))
  await expect(asked).rejects.toThrow('no answer')
})

test('are fetched anew once AWS did not know them', async () => {
  const { flights, renewed, land, keyNow } = renewing()
  void keyNow()
  await land('first')
  renewed.forget()
  const asked = keyNow()
  await land('second')
  expect(await asked).toBe('second')
  expect(flights).toHaveLength(2)
})
