import { describe, expect, test } from 'vitest'
import type { StoredRoleSession } from '../../src/web/role-sessions/role-session-store.ts'
import { stateEngines } from './state-engines.ts'

const issued: StoredRoleSession = {
  id: 'rs-1',
  person: 'staff/bob',
  role: 'arn:aws:iam::111111111111:role/ReadOnly',
  accessKeyId: 'ASIAEXAMPLE',
  issuedAt: 1_000,
  expiresAt: 5_000,
  facts: '{"region":"eu-west-1"}',
  sealed: Uint8Array.of(1, 2, 3, 0, 255),
}
const thirtyDays = 30 * 24 * 60 * 60 * 1_000

describe.each(stateEngines)('a role session store on $name', ({ open }) => {
  test('gives a role session to its person until it expires', async () => {
    await using opened = await open()
    const { roleSessions } = opened.state
    await roleSessions.insert(issued)
    expect(await roleSessions.read('rs-1', 'staff/bob', 4_999)).toEqual(issued)
    expect(await roleSessions.read('rs-1', 'staff/bob', 5_000)).toBeUndefined()
    expect(await roleSessions.read('rs-1', 'staff/alice', 2_000)).toBeUndefined()
  })

  test('replaces the sealed part for its person only', async () => {
    await using opened = await open()
    const { roleSessions } = opened.state
    await roleSessions.insert(issued)
    const sealed = Uint8Array.of(9)
    expect(await roleSessions.replace('rs-1', 'staff/alice', '{}', sealed)).toBe(false)
    expect(await roleSessions.replace('rs-2', 'staff/bob', '{}', sealed)).toBe(false)
    expect(await roleSessions.replace('rs-1', 'staff/bob', '{}', sealed)).toBe(true)
    expect(await roleSessions.read('rs-1', 'staff/bob', 2_000)).toEqual({
      ...issued,
      facts: '{}',
      sealed,
    })
  })

  test('lists the latest first, of one person, without the sealed part', async () => {
    await using opened = await open()
    const { roleSessions } = opened.state
    for (const [index, issuedAt] of [3_000, 1_000, 2_000, 3_000].entries()) {
      await roleSessions.insert({ ...issued, id: `rs-${index}`, issuedAt })
    }
    await roleSessions.insert({ ...issued, id: 'hers', person: 'staff/alice', issuedAt: 9_000 })
    const recent = await roleSessions.recent('staff/bob', 3)
    expect(recent.map(({ id }) => id)).toEqual(['rs-3', 'rs-0', 'rs-2'])
    expect(recent[0]).toEqual({ ...issued, id: 'rs-3', issuedAt: 3_000, sealed: undefined })
    expect(recent[0]).not.toHaveProperty('sealed')
  })

  test('drops the sealed part at its expiry, and the row thirty days later', async () => {
    await using opened = await open()
    const { roleSessions } = opened.state
    await roleSessions.insert(issued)
    expect(await roleSessions.deleteExpired(5_000)).toBe(1)
    expect(await roleSessions.read('rs-1', 'staff/bob', 2_000)).toBeUndefined()
    expect(await roleSessions.replace('rs-1', 'staff/bob', '{}', Uint8Array.of(1))).toBe(false)
    expect(await roleSessions.recent('staff/bob', 10)).toHaveLength(1)
    expect(await roleSessions.deleteExpired(5_000 + thirtyDays - 1)).toBe(0)
    expect(await roleSessions.deleteExpired(5_000 + thirtyDays)).toBe(1)
    expect(await roleSessions.recent('staff/bob', 10)).toHaveLength(0)
  })
})
