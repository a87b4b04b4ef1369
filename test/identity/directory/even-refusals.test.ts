import { describe, expect, test } from 'vitest'
import {
  DirectoryRefusal,
  DirectoryUnavailable,
} from '../../../src/identity/directory/directory-fault.ts'
import { evenRefusals } from '../../../src/identity/directory/even-refusals.ts'
import { directoryOf, windowsSettings } from './directory-of.ts'
import { windowsDomain, windowsPerson } from './fake-entries.ts'
import { fakeLdapServer } from './fake-ldap-server.ts'

function held() {
  const clock = { time: 1_000 }
  const sleep = (milliseconds: number): Promise<void> => {
    clock.time += milliseconds
    return Promise.resolve()
  }
  const effects = { now: () => new Date(clock.time), sleep }
  const after = async (milliseconds: number, error?: Error): Promise<number> => {
    const start = clock.time
    const work = (): Promise<void> => {
      clock.time += milliseconds
      return error ? Promise.reject(error) : Promise.resolve()
    }
    await evenRefusals(work, effects).catch(() => undefined)
    return clock.time - start
  }
  return { after }
}

describe('a refusal', () => {
  test.each([
    [0, 500],
    [38, 500],
    [61, 500],
    [499, 500],
    [500, 1_000],
    [730, 1_000],
  ])('after %d ms is told after %d', async (taken, told) => {
    const { after } = held()
    expect(await after(taken, new DirectoryRefusal('directory_password'))).toBe(told)
  })

  test('takes as long for a wrong password as for a name that nobody has, or that can’t be one', async () => {
    const pauses: number[] = []
    const sleep = (milliseconds: number): Promise<void> => {
      pauses.push(milliseconds)
      return Promise.resolve()
    }
    const server = await fakeLdapServer({ entries: [windowsPerson('alice'), ...windowsDomain()] })
    const directory = directoryOf({ ...windowsSettings, urls: [server.url] }, { sleep })
    for (const name of ['alice', 'nobody', 'OTHER\\alice', '']) {
      await expect(directory.verify({ name, password: 'wrong' })).rejects.toThrow(DirectoryRefusal)
    }
    expect(pauses).toEqual([500, 500, 500, 500])
    await directory.verify({ name: 'alice', password: 'right' })
    expect(pauses).toHaveLength(4)
  })
})

test('what succeeds, and a directory that is down, is not kept waiting', async () => {
  const { after } = held()
  expect(await after(38)).toBe(38)
  expect(await after(38, new DirectoryUnavailable('silent'))).toBe(38)
})
