import { assert, asyncProperty, constantFrom, integer, string } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { macOf } from '../../src/audit/audit-line.ts'
import type { AuditLine } from '../../src/audit/audit-line-store.ts'
import { type ChainReport, type NotedHead, verifyChain } from '../../src/audit/verify-chain.ts'
import { issued, key, openTrail } from './trail-bench.ts'

const length = 12
const genuine = await lines()

async function lines(): Promise<readonly AuditLine[]> {
  await using bench = await openTrail()
  for (let index = 1; index <= length; index++) await bench.trail.record(issued(index))
  return await Array.fromAsync(bench.state.auditLines.lines('postern-1'))
}

function verify(found: readonly AuditLine[], noted?: NotedHead): Promise<ChainReport> {
  // The store gives lines in the order of their numbers, whatever their place in the table.
  const ordered = found.toSorted((one, other) => one.seq - other.seq)
  const reader = {
    lines: async function* () {
      for (const line of ordered) yield await Promise.resolve(line)
    },
  }
  return verifyChain(reader, key, 'postern-1', noted)
}

function line(seq: number): AuditLine {
  const found = genuine[seq - 1]
  if (!found) throw new Error(`no line ${seq}`)
  return found
}

const named = (report: ChainReport): number[] => report.faults.map(({ seq }) => seq)
const anySeq = integer({ min: 1, max: length })
const head: NotedHead = { seq: length, mac: line(length).mac }

describe('verifying a chain', () => {
  test('finds nothing wrong with a genuine one', async () => {
    expect(await verify(genuine, head)).toEqual({
      instance: 'postern-1',
      count: length,
      head,
      faults: [],
      faultCount: 0,
    })
  })

  test('names the line of any change of any field', async () => {
    const field = constantFrom('time', 'event', 'previous', 'mac', 'instance')
    await assert(
      asyncProperty(anySeq, field, string(), async (seq, name, value) => {
        const changed = { ...line(seq), [name]: value }
        const report = await verify(genuine.with(seq - 1, changed))
        expect(named(report)).toEqual(value === line(seq)[name] ? [] : [seq])
      }),
    )
  })

  test('names the line of any single character that was changed', async () => {
    const field = constantFrom('time', 'event', 'previous', 'mac')
    await assert(
      asyncProperty(anySeq, field, integer({ min: 0, max: 63 }), async (seq, name, at) => {
        const text = line(seq)[name]
        const place = at % text.length
        const other = text[place] === '0' ? '1' : '0'
        const changed = {
          ...line(seq),
          [name]: text.slice(0, place) + other + text.slice(place + 1),
        }
        expect(named(await verify(genuine.with(seq - 1, changed)))).toEqual([seq])
      }),
    )
  })

  test('names lines that were removed from the front, the middle and, with a noted head, the end', async () => {
    await assert(
      asyncProperty(anySeq, integer({ min: 1, max: length }), async (first, count) => {
        const last = Math.min(first + count - 1, length)
        const report = await verify(genuine.toSpliced(first - 1, last - first + 1), head)
        expect(report.faults).toHaveLength(1)
        expect(report.faults[0]?.seq).toBe(first)
        if (last > first) expect(report.faults[0]?.what).toContain(`to line ${last} are missing`)
        else expect(report.faults[0]?.what).toContain('is missing')
      }),
    )
  })

  test('can’t see a cut tail without a noted head, which is why the head is logged', async () => {
    expect(named(await verify(genuine.slice(0, 5)))).toEqual([])
    expect(named(await verify(genuine.slice(0, 5), head))).toEqual([6])
  })

  test('names both lines of any two that changed places', async () => {
    await assert(
      asyncProperty(anySeq, anySeq, async (one, other) => {
        const swapped = genuine
          .with(one - 1, { ...line(other), seq: one })
          .with(other - 1, { ...line(one), seq: other })
        const expected = one === other ? [] : [one, other].sort((a, b) => a - b)
        expect(named(await verify(swapped))).toEqual(expected)
      }),
    )
  })

  test('names a line that was inserted: a copy, one at the end, one without a number', async () => {
    expect(named(await verify([...genuine, line(4)]))).toEqual([4])
    expect(named(await verify([...genuine, { ...line(4), seq: length + 1 }]))).toEqual([length + 1])
    expect(named(await verify([...genuine, { ...line(4), seq: Number.NaN }]))).toEqual([Number.NaN])
  })

  test('names the line where a chain made with the right key was joined to another', async () => {
    const forked = { ...line(6), event: '{"type":"signed-out"}' }
    const joined = genuine.with(5, { ...forked, mac: macOf(key, forked) })
    expect(named(await verify(joined))).toEqual([7])
    expect(named(await verify(joined.slice(0, 6), { seq: 6, mac: line(6).mac }))).toEqual([6])
  })

  test('tells a chain of another key from the first line on', async () => {
    const reader = {
      lines: async function* () {
        for (const found of genuine) yield await Promise.resolve(found)
      },
    }
    const report = await verifyChain(reader, Buffer.alloc(32), 'postern-1')
    expect(report.faultCount).toBe(length)
  })

  test('bounds what it keeps of a chain that is wrong throughout', async () => {
    const wrong = Array.from({ length: 5_000 }, (_, index) => ({ ...line(1), seq: index + 1 }))
    const report = await verify(wrong)
    expect(report.faults).toHaveLength(100)
    expect(report.faultCount).toBe(4_999)
  })
})
