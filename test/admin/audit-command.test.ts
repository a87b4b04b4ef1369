import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import { auditCommand } from '../../src/admin/audit-command.ts'
import { openAuditReader } from '../../src/state/sqlite-audit-line-store.ts'
import { issued, key, openTrail } from '../audit/trail-bench.ts'
import { TemporaryFolder } from '../state/temporary-folder.ts'

interface Outcome {
  readonly code: number
  readonly out: readonly string[]
  readonly err: readonly string[]
}

/** A database with a trail of ten lines, and the command run on it. */
class Fixture implements Disposable {
  readonly #folder = new TemporaryFolder()
  readonly path = this.#folder.file('postern.db')
  head = ''

  async fill(instance = 'postern-1'): Promise<void> {
    await using bench = await openTrail({ instance }, `sqlite:${this.path}`)
    for (let index = 1; index <= 10; index++) await bench.trail.record(issued(index))
    const head = await bench.trail.head()
    this.head = `${head?.line.seq ?? 0}:${head?.line.mac ?? ''}`
  }

  tamper(sql: string): void {
    const db = new DatabaseSync(this.path)
    db.exec(sql)
    db.close()
  }

  async run(...argv: readonly string[]): Promise<Outcome> {
    const out: string[] = []
    const err: string[] = []
    const io = {
      stdout: (line: string) => out.push(line),
      stderr: (line: string) => err.push(line),
    }
    const code = await auditCommand(argv, io, {
      openEvidence: () => {
        const reader = openAuditReader(`sqlite:${this.path}`)
        return { reader, key, close: reader.close }
      },
    })
    return { code, out, err }
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]()
  }
}

describe('postern-server audit verify', () => {
  test('says that a trail is in order, with its head, and changes nothing', async () => {
    using fixture = new Fixture()
    await fixture.fill()
    expect(await fixture.run('verify')).toEqual({
      code: 0,
      out: [`postern-1: 10 lines, in order, head ${fixture.head}`],
      err: [],
    })
    expect(await fixture.run('verify', '--head', fixture.head)).toMatchObject({ code: 0, err: [] })
  })

  test.each([
    [
      `UPDATE audit_lines SET event = replace(event, 'bob', 'eve') WHERE seq = 4`,
      'line 4 was changed',
    ],
    ['UPDATE audit_lines SET seq = 40 WHERE seq = 4', 'line 4 is missing'],
    ['DELETE FROM audit_lines WHERE seq = 4', 'line 4 is missing'],
    ['DELETE FROM audit_lines WHERE seq BETWEEN 1 AND 3', 'line 1 to line 3 are missing'],
    [
      `INSERT INTO audit_lines SELECT instance, 11, time, event, previous, mac FROM audit_lines WHERE seq = 4`,
      'line 11 was changed, moved or inserted',
    ],
    [
      'UPDATE audit_lines SET seq = -1 WHERE seq = 4; UPDATE audit_lines SET seq = 4 WHERE seq = 5; UPDATE audit_lines SET seq = 5 WHERE seq = -1',
      'line 5 was changed',
    ],
    [`UPDATE audit_lines SET instance = 'x' WHERE seq = 4`, 'line 4 is missing'],
    [`UPDATE audit_lines SET instance = 'x' WHERE seq = 10`, 'x: line 1 to line 9 are missing'],
    [
      // A table without the types and the keys that ours has.
      `CREATE TABLE loose AS SELECT * FROM audit_lines; DROP TABLE audit_lines; ALTER TABLE loose RENAME TO audit_lines;
       UPDATE audit_lines SET seq = 'four', event = x'ff00', mac = NULL WHERE seq = 4;
       INSERT INTO audit_lines SELECT * FROM audit_lines WHERE seq = 5`,
      'line 4 is missing',
    ],
  ])('names the line after %s', async (sql, words) => {
    using fixture = new Fixture()
    await fixture.fill()
    fixture.tamper(sql)
    const { code, out, err } = await fixture.run('verify')
    expect(code).toBe(1)
    expect(err.join('\n')).toContain(words)
    expect(out.join('\n')).toContain('NOT in order')
  })

  test('sees a cut tail by a noted head only', async () => {
    using fixture = new Fixture()
    await fixture.fill()
    fixture.tamper('DELETE FROM audit_lines WHERE seq > 7')
    expect(await fixture.run('verify')).toMatchObject({ code: 0 })
    const { code, err } = await fixture.run('verify', '--head', fixture.head)
    expect(code).toBe(1)
    expect(err.join()).toContain('line 8 to line 10 are missing: the end was cut off')
    fixture.tamper('DELETE FROM audit_lines')
    expect(await fixture.run('verify')).toMatchObject({
      code: 0,
      out: ['The trail has no line yet.'],
    })
    expect(await fixture.run('verify', '--head', fixture.head)).toMatchObject({ code: 1 })
  })

  test('verifies each chain, and wants to know whose head it is given', async () => {
    using fixture = new Fixture()
    await fixture.fill('one')
    await fixture.fill('two')
    expect((await fixture.run('verify')).out).toHaveLength(2)
    expect(await fixture.run('verify', '--head', fixture.head)).toMatchObject({ code: 2 })
    expect(await fixture.run('verify', '--head', fixture.head, '--instance', 'two')).toMatchObject({
      code: 0,
    })
    expect(await fixture.run('verify', '--head', fixture.head, '--instance', 'one')).toMatchObject({
      code: 1,
    })
  })

  test('says so when the database is not there, without making one', async () => {
    using fixture = new Fixture()
    const { code, err } = await fixture.run('verify')
    expect(code).toBe(1)
    expect(err.join()).toContain('ENOENT')
    expect(await fixture.run('verify')).toMatchObject({ code: 1 })
  })

  test('works beside a running server', async () => {
    using fixture = new Fixture()
    await fixture.fill()
    await using running = await openTrail({}, `sqlite:${fixture.path}`)
    await running.trail.record(issued(11))
    expect(await fixture.run('verify', '--head', fixture.head)).toMatchObject({ code: 0 })
    await running.trail.record(issued(12))
  })
})

describe('postern-server audit export', () => {
  test('prints each line as JSON, enough to compute the MACs again', async () => {
    using fixture = new Fixture()
    await fixture.fill()
    const { code, out } = await fixture.run('export')
    expect(code).toBe(0)
    expect(out).toHaveLength(10)
    expect(JSON.parse(out[3] ?? '')).toMatchObject({
      seq: 4,
      instance: 'postern-1',
      event: issued(4),
    })
  })

  test('prints one line a line even of an event that somebody broke', async () => {
    using fixture = new Fixture()
    await fixture.fill()
    fixture.tamper(`UPDATE audit_lines SET event = '{"a":1}' || char(10) || 'x' WHERE seq = 4`)
    const { out } = await fixture.run('export', '--instance', 'postern-1')
    expect(out).toHaveLength(10)
    expect(out.every((line) => !line.includes('\n'))).toBe(true)
    expect(JSON.parse(out[3] ?? '')).toMatchObject({ event: '{"a":1}\nx' })
  })
})

describe('postern-server audit', () => {
  test.each([
    [],
    ['prune'],
    ['verify', 'more'],
    ['verify', '--heads', 'x'],
    ['verify', '--head'],
    ['verify', '--head', '5'],
    ['verify', '--head', `5:${'g'.repeat(64)}`],
    ['export', '--head', `5:${'a'.repeat(64)}`],
  ])('answers %j with its usage', async (...argv) => {
    using fixture = new Fixture()
    const { code, out, err } = await fixture.run(...argv)
    expect(code).toBe(2)
    expect(out).toEqual([])
    expect(err.join('\n')).toContain('Usage:')
  })

  test('prints its usage when asked, with every option', async () => {
    using fixture = new Fixture()
    const { code, out, err } = await fixture.run('--help')
    expect([code, err]).toEqual([0, []])
    for (const option of ['--config FILE', '--instance NAME', '--head SEQ:MAC'])
      expect(out.join('\n')).toContain(option)
  })

  test('has nothing to say but its usage where nothing was asked', async () => {
    using fixture = new Fixture()
    const { err } = await fixture.run()
    expect(err).toHaveLength(1)
    expect(err[0]).toMatch(/^Usage: /)
  })
})
