import { describe, expect, test } from 'vitest'
import type { StoredBrowserSession } from '../../src/identity/browser-session-store.ts'
import { stateEngines } from './state-engines.ts'

const session: StoredBrowserSession = {
  idHash: 'hash-1',
  data: '{"csrf":"x"}',
  person: 'staff/bob',
  logoutKey: undefined,
  createdAt: 1_000,
  lastSeenAt: 1_000,
  expiresAt: 5_000,
}

describe.each(stateEngines)('a browser session store on $name', ({ open }) => {
  test('gives back what was written, before and after sign-in', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    await browserSessions.write({ ...session, person: undefined })
    expect(await browserSessions.read('hash-1', 2_000)).toEqual({ ...session, person: undefined })
    await browserSessions.write({ ...session, data: '{}', expiresAt: 9_000 })
    expect(await browserSessions.read('hash-1', 8_000)).toEqual({
      ...session,
      data: '{}',
      expiresAt: 9_000,
    })
  })

  test('knows nothing of another ID', async () => {
    await using opened = await open()
    await opened.state.browserSessions.write(session)
    expect(await opened.state.browserSessions.read('hash-2', 2_000)).toBeUndefined()
  })

  test('ends a session at the millisecond of its expiry, swept or not', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    await browserSessions.write(session)
    expect(await browserSessions.read('hash-1', 4_999)).toBeDefined()
    expect(await browserSessions.read('hash-1', 5_000)).toBeUndefined()
    expect(await browserSessions.countLive(5_000)).toBe(0)
  })

  test('prolongs a session by a touch, and never one that has expired', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    await browserSessions.write(session)
    await browserSessions.touch('hash-1', 3_000, 7_000)
    expect(await browserSessions.read('hash-1', 6_000)).toMatchObject({
      lastSeenAt: 3_000,
      expiresAt: 7_000,
    })
    await browserSessions.touch('hash-1', 8_000, 20_000)
    expect(await browserSessions.read('hash-1', 8_000)).toBeUndefined()
  })

  test('keeps a deleted session deleted when a slower request writes or touches it', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    await browserSessions.write(session)
    await browserSessions.delete('hash-1')
    await browserSessions.write({ ...session, lastSeenAt: 1_500, expiresAt: 90_000 })
    await browserSessions.touch('hash-1', 1_600, 90_000)
    expect(await browserSessions.read('hash-1', 2_000)).toBeUndefined()
    expect(await browserSessions.countLive(2_000)).toBe(0)
  })

  test('finds the sessions of a logout key, and none that has ended or expired', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    const logoutKey = 'corp/alice'
    await browserSessions.write({ ...session, logoutKey })
    await browserSessions.write({ ...session, idHash: 'hash-2', logoutKey, createdAt: 2_000 })
    await browserSessions.write({ ...session, idHash: 'hash-3', logoutKey: 'corp/bob' })
    await browserSessions.write({ ...session, idHash: 'hash-4' })
    await browserSessions.write({ ...session, idHash: 'hash-5', logoutKey, expiresAt: 1_500 })
    await browserSessions.write({ ...session, idHash: 'hash-6', logoutKey })
    await browserSessions.delete('hash-6')
    expect(await browserSessions.findByLogoutKey(logoutKey, 1_500)).toEqual([
      { ...session, logoutKey },
      { ...session, idHash: 'hash-2', logoutKey, createdAt: 2_000 },
    ])
    expect(await browserSessions.findByLogoutKey('corp/nobody', 1_500)).toEqual([])
  })

  test('deletes what has expired, and nothing else', async () => {
    await using opened = await open()
    const { browserSessions } = opened.state
    await Promise.all(
      Array.from({ length: 2_500 }, (_, index) =>
        browserSessions.write({ ...session, idHash: `old-${index}`, expiresAt: 2_000 }),
      ),
    )
    await browserSessions.write(session)
    expect(await browserSessions.deleteExpired(2_000)).toBe(2_500)
    expect(await browserSessions.countLive(0)).toBe(1)
  })
})
