import { describe, expect, test } from 'vitest'
import type { AuditLine } from '../../src/audit/audit-line-store.ts'
import { stateEngines } from './state-engines.ts'

const after = (last: AuditLine | undefined, instance: string): AuditLine => ({
  instance,
  seq: (last?.seq ?? 0) + 1,
  time: '2026-01-01T00:00:00.000Z',
  event: '{}',
  previous: last?.mac ?? 'none',
  mac: `mac-${(last?.seq ?? 0) + 1}`,
})

describe.each(stateEngines)('an audit line store on $name', ({ open }) => {
  test('lets each of a hundred concurrent lines follow another', async () => {
    await using opened = await open()
    const { auditLines } = opened.state
    const appended = await Promise.all(
      Array.from({ length: 100 }, () => auditLines.append('one', (last) => after(last, 'one'))),
    )
    expect(new Set(appended.map(({ previous }) => previous)).size).toBe(100)
    const lines = await Array.fromAsync(auditLines.lines('one'))
    expect(lines).toEqual(appended)
    expect(await auditLines.head('one')).toEqual({ line: lines.at(-1), count: 100 })
  })

  test('keeps chains apart', async () => {
    await using opened = await open()
    const { auditLines } = opened.state
    await auditLines.append('one', (last) => after(last, 'one'))
    await auditLines.append('two', (last) => after(last, 'two'))
    expect(await auditLines.instances()).toEqual(['one', 'two'])
    expect(await auditLines.head('two')).toMatchObject({ count: 1 })
    expect(await auditLines.head('three')).toBeUndefined()
  })

  test('appends nothing when the line can’t be made, and goes on', async () => {
    await using opened = await open()
    const { auditLines } = opened.state
    const failing = auditLines.append('one', () => {
      throw new RangeError('no line')
    })
    const fine = auditLines.append('one', (last) => after(last, 'one'))
    await expect(failing).rejects.toMatchObject({
      name: 'StateUnavailable',
      cause: { message: 'no line' },
    })
    expect(await fine).toMatchObject({ seq: 1 })
    await auditLines.check()
    expect(await auditLines.head('one')).toMatchObject({ count: 1 })
  })
})
