import { DirectoryRefusal } from '../../../src/identity/directory/directory-fault.ts'
import { describe, expect, test } from 'vitest'
import { DirectoryUnavailable } from '../../../src/identity/directory/directory-fault.ts'
import { DirectoryWatch } from '../../../src/identity/directory/directory-watch.ts'
import { directoryOf, now, windowsSettings } from './directory-of.ts'
import { windowsDomain, windowsPerson } from './fake-entries.ts'
import { fakeLdapServer, type FakeLdapOptions } from './fake-ldap-server.ts'

const entries = [windowsPerson('alice'), ...windowsDomain()]
const typed = { name: 'alice', password: 'right' }

function watched(fault?: Error) {
  const held = { time: now.getTime(), fault, tries: 0 }
  const tryIt = (): Promise<void> => {
    held.tries += 1
    return held.fault ? Promise.reject(held.fault) : Promise.resolve()
  }
  return { held, watch: new DirectoryWatch(tryIt, () => new Date(held.time)) }
}

describe('a directory that is watched', () => {
  test('is tried when nothing is known of it, once for all who ask', async () => {
    const { held, watch } = watched()
    expect(watch.news).toBeUndefined()
    await Promise.all(Array.from({ length: 20 }, () => watch.check()))
    expect(held.tries).toBe(1)
    expect(watch.news).toEqual({ fault: undefined, lastAnswer: now.getTime() })
  })

  test('is left alone for half a minute, and for as long as it answers sign-ins', async () => {
    const { held, watch } = watched()
    await watch.check()
    held.time += 29_999
    await watch.check()
    watch.works()
    held.time += 29_999
    await watch.check()
    expect(held.tries).toBe(1)
    held.time += 1
    await watch.check()
    expect(held.tries).toBe(2)
  })

  test('is tried again when the clock was set back', async () => {
    const { held, watch } = watched()
    await watch.check()
    held.time -= 3_600_000
    await watch.check()
    expect(held.tries).toBe(2)
  })

  test('that fails is told with the reason and the time when it last worked', async () => {
    const { held, watch } = watched()
    await watch.check()
    held.fault = new DirectoryUnavailable('ldaps://dc1: no connection')
    held.time += 100_000
    await expect(watch.check()).rejects.toThrow(
      'ldaps://dc1: no connection; it last worked at 2026-11-20T10:00:00.000Z',
    )
    expect(watch.news?.fault).toBe('ldaps://dc1: no connection')
    held.time += 9_999
    await expect(watch.check()).rejects.toThrow('no connection')
    expect(held.tries).toBe(2)
  })

  test('that never worked is told so', async () => {
    const { watch } = watched(new Error('no such host'))
    await expect(watch.check()).rejects.toThrow('no such host; it last worked never')
  })

  test('whose news is a while old is tried without anybody waiting for it', async () => {
    const { held, watch } = watched()
    await watch.check()
    held.time += 30_000
    held.fault = new Error('silent')
    await watch.check()
    await expect.poll(() => watch.news?.fault).toBe('silent')
    await expect(watch.check()).rejects.toThrow('silent')
    held.fault = undefined
    held.time += 10_000
    await expect(watch.check()).rejects.toThrow('silent')
    await expect.poll(() => watch.news?.fault).toBeUndefined()
    await watch.check()
  })

  test('is tried at once after a sign-in that failed, which is no bad news by itself', async () => {
    const { held, watch } = watched()
    await watch.check()
    watch.mayFail()
    expect(watch.news?.fault).toBeUndefined()
    await watch.check()
    await expect.poll(() => held.tries).toBe(2)
  })

  test('that is known to fail is not tried more often for the sign-ins that fail', async () => {
    const { held, watch } = watched(new Error('silent'))
    await expect(watch.check()).rejects.toThrow('silent')
    for (let failed = 0; failed < 20; failed += 1) {
      watch.mayFail()
      await expect(watch.check()).rejects.toThrow('silent')
    }
    expect(held.tries).toBe(1)
  })
})

describe('the watch of a directory', () => {
  async function directory(options: FakeLdapOptions = {}, settings: object = {}) {
    const server = await fakeLdapServer({ entries, ...options })
    const opened = directoryOf({ ...windowsSettings, urls: [server.url], ...settings })
    const verify = (attempt: typeof typed) => opened.verify(attempt)
    return { server, watch: opened.watch, verify }
  }

  test('binds the service account and nothing else', async () => {
    const { server, watch } = await directory()
    await watch.check()
    expect(server.binds.map(({ name }) => name)).toEqual(['svc@corp.example'])
    expect(server.searches).toEqual([])
  })

  test('only connects where there is no service account', async () => {
    const { server, watch } = await directory({}, { bind: { kind: 'as-user' } })
    await watch.check()
    expect([server.accepted, server.binds]).toEqual([1, []])
  })

  test('sees a controller that is gone, and a service account that is refused', async () => {
    const gone = directoryOf({ ...windowsSettings, urls: ['ldaps://localhost:9'] })
    await expect(gone.watch.check()).rejects.toThrow(/ldaps:\/\/localhost:9: .*ECONNREFUSED/)
    const { watch, server } = await directory({ bind: () => ({ code: 49 }) })
    await expect(watch.check()).rejects.toThrow(/service account svc@corp.example was refused/)
    await expect(watch.check()).rejects.toThrow(/service account/)
    expect(server.binds).toHaveLength(1)
  })

  test('is satisfied with sign-ins, refused ones too', async () => {
    const { server, watch, verify } = await directory()
    await verify(typed)
    await watch.check()
    expect(server.accepted).toBe(1)
    await expect(verify({ ...typed, password: 'wrong' })).rejects.toThrow(DirectoryRefusal)
    await watch.check()
    expect(server.accepted).toBe(2)
  })

  test('believes no sign-in that the directory could not answer: somebody may have typed it so', async () => {
    const odd = { code: 21, message: 'invalid syntax' }
    const { watch, verify } = await directory({ search: () => odd })
    await watch.check()
    await expect(verify(typed)).rejects.toMatchObject({ status: 503 })
    await watch.check()
    expect(watch.news?.fault).toBeUndefined()
  })
})
