import { describe, expect, test } from 'vitest'
import type { AuditEvent } from '../../src/audit/audit-event.ts'
import type { AuditLineStore } from '../../src/audit/audit-line-store.ts'
import { verifyChain } from '../../src/audit/verify-chain.ts'
import { AuditUnavailable, StateUnavailable } from '../../src/errors.ts'
import { SqliteDatabase } from '../../src/state/sqlite-database.ts'
import { sqliteAuditLines } from '../../src/state/sqlite-audit-line-store.ts'
import { sleep } from '../conformance/state-engines.ts'
import { TemporaryFolder } from '../state/temporary-folder.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { issued, key, openTrail } from './trail-bench.ts'

const signInRefused = (address = '198.51.100.1'): AuditEvent => ({
  type: 'sign-in-refused',
  requestId: 'r',
  address,
  code: 'access_denied',
})

async function eventsOf(lines: AuditLineStore): Promise<unknown[]> {
  const events: unknown[] = []
  for await (const { event } of lines.lines('postern-1')) events.push(JSON.parse(event))
  return events
}

describe('the audit trail', () => {
  test('holds each event before record resolves, in one chain', async () => {
    await using bench = await openTrail()
    await Promise.all(Array.from({ length: 200 }, (_, index) => bench.trail.record(issued(index))))
    expect(await verifyChain(bench.state.auditLines, key, 'postern-1')).toMatchObject({
      count: 200,
      faults: [],
      head: { seq: 200 },
    })
  })

  test('goes on with its chain after a restart', async () => {
    using folder = new TemporaryFolder()
    const location = `sqlite:${folder.file('postern.db')}`
    for (let round = 1; round <= 3; round++) {
      await using bench = await openTrail({}, location)
      await bench.trail.record(issued(round))
      expect(await bench.trail.head()).toMatchObject({ line: { seq: round }, count: round })
    }
  })

  test('hands each line to a collector once it is durable', async () => {
    const collected: unknown[] = []
    await using bench = await openTrail({ stdout: (line) => collected.push(JSON.parse(line)) })
    await bench.trail.record(issued(1))
    const head = await bench.trail.head()
    expect(collected).toEqual([{ ...head?.line, event: issued(1) }])
  })

  test('refuses a key that is too short, another key, and a name that would not do', async () => {
    using folder = new TemporaryFolder()
    const location = `sqlite:${folder.file('postern.db')}`
    await expect(openTrail({ key: Buffer.alloc(31) }, location)).rejects.toThrow('32 bytes')
    await expect(openTrail({ instance: 'a b' }, location)).rejects.toThrow('instance')
    {
      await using bench = await openTrail({}, location)
      await bench.trail.record(issued(1))
    }
    const other = openTrail({ key: Buffer.alloc(32, 8) }, location)
    await expect(other).rejects.toThrow(AuditUnavailable)
    await using anew = await openTrail({ key: Buffer.alloc(32, 8), instance: 'two' }, location)
    await anew.trail.record(issued(1))
  })

  test('does not follow the caller who changes the key later', async () => {
    const mutable = Uint8Array.from(key)
    await using bench = await openTrail({ key: mutable })
    mutable.fill(0)
    await bench.trail.record(issued(1))
    expect(await verifyChain(bench.state.auditLines, key, 'postern-1')).toMatchObject({
      faults: [],
    })
  })
})

describe('a trail that can’t be written', () => {
  test('refuses on a full disk, tells it once, turns red, and recovers by itself', async () => {
    using folder = new TemporaryFolder()
    const database = new SqliteDatabase(folder.file('postern.db'), { sleep }, () => undefined)
    const limit = (pages: number) => database.prepare(`PRAGMA max_page_count = ${pages}`).get()
    const logged: string[] = []
    const note = (_facts: unknown, words?: string) => logged.push(words ?? String(_facts))
    await using bench = await openTrail({
      state: { auditLines: sqliteAuditLines(database) },
      logger: { ...silentLogger, error: note, warn: note },
    })
    await bench.trail.record(issued(1))
    limit(1)
    const long = { detail: 'x'.repeat(2_000) }
    const outcomes = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => bench.trail.record(issued(index, long))),
    )
    const refusals = outcomes.filter(({ status }) => status === 'rejected')
    expect(refusals.length).toBeGreaterThan(10)
    expect(refusals[0]).toMatchObject({ reason: { name: 'AuditUnavailable', status: 503 } })
    expect(bench.trail.healthy).toBe(false)
    await expect(bench.trail.check()).rejects.toThrow(AuditUnavailable)
    expect(logged).toEqual(['the audit trail can’t be written; nothing is issued'])

    limit(100_000)
    await bench.trail.check()
    expect(bench.trail.healthy).toBe(true)
    await bench.trail.record(issued(99))
    expect(logged).toHaveLength(2)
    const report = await verifyChain(sqliteAuditLines(database), key, 'postern-1')
    expect(report).toMatchObject({ faults: [], count: 2 + 20 - refusals.length })
    await database.close()
  })

  test('says why to the log only', async () => {
    await using bench = await openTrail()
    const fault = new StateUnavailable('locked', {
      detail: '/var/lib/postern.db: database is locked',
    })
    await using broken = await openTrail({
      state: { auditLines: { ...bench.state.auditLines, append: () => Promise.reject(fault) } },
    })
    await expect(broken.trail.record(issued(1))).rejects.toMatchObject({
      message: expect.not.stringContaining('/var/lib') as string,
      detail: '/var/lib/postern.db: database is locked',
      cause: fault,
    })
  })
})

describe('refusals of anonymous visitors', () => {
  test('are summed past twenty a minute, in one line a minute', async () => {
    await using bench = await openTrail()
    for (let minute = 0; minute < 3; minute++) {
      for (let times = 0; times < 500; times++) await bench.trail.record(signInRefused())
      bench.clock.move(60)
      await bench.trail.flush()
      await bench.trail.flush()
    }
    const events = await eventsOf(bench.state.auditLines)
    expect(events).toHaveLength(3 * 21)
    expect(events[20]).toEqual({
      type: 'sign-in-refused',
      requestId: '-',
      address: '-',
      count: 480,
    })
  })

  test('leave issuing and the refusals of known people alone', async () => {
    await using bench = await openTrail({ refusalsPerMinute: 1 })
    for (let times = 0; times < 10; times++) {
      await bench.trail.record(signInRefused())
      await bench.trail.record(issued(times, { type: 'role-session-refused' }))
      await bench.trail.record(issued(times))
      await bench.trail.record({ type: 'role-session-refused', requestId: 'r', address: 'a' })
    }
    await bench.trail.flush()
    const events = await eventsOf(bench.state.auditLines)
    expect(events).toHaveLength(1 + 10 + 10 + 2)
    expect(events.slice(-2)).toEqual([
      { type: 'role-session-refused', requestId: '-', address: '-', count: 10 },
      { type: 'sign-in-refused', requestId: '-', address: '-', count: 9 },
    ])
  })

  test('are not forgotten when their line can’t be written', async () => {
    await using bench = await openTrail({ refusalsPerMinute: 0 })
    const { auditLines } = bench.state
    let broken = true
    await using shaky = await openTrail({
      refusalsPerMinute: 0,
      state: {
        auditLines: {
          ...auditLines,
          append: (instance, next) =>
            broken
              ? Promise.reject(new StateUnavailable('full'))
              : auditLines.append(instance, next),
        },
      },
    })
    await shaky.trail.record(signInRefused())
    await shaky.trail.record(signInRefused())
    await expect(shaky.trail.flush()).rejects.toThrow(AuditUnavailable)
    await shaky.trail.record(signInRefused())
    broken = false
    await shaky.trail.flush()
    expect(await eventsOf(auditLines)).toMatchObject([{ count: 3 }])
  })
})
