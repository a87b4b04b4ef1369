import type { StatementSync } from 'node:sqlite'
import type { AuditLine, AuditLineReader, AuditLineStore } from '../audit/audit-line-store.ts'
import { StateUnavailable } from '../errors.ts'
import { integer, type Row, text } from './columns.ts'
import type { SqliteDatabase } from './sqlite-database.ts'
import { openSqliteFileReadOnly } from './sqlite-file.ts'
import { stateUnavailable } from './sqlite-fault.ts'
import { healthProbe } from './state-health.ts'

/** As text, because what somebody else wrote into a column need not have its type. */
const columns = ['instance', 'seq', 'time', 'event', 'previous', 'mac']
  .map((column) => `coalesce(CAST(${column} AS TEXT), '') AS ${column}`)
  .join(', ')

/** The trail's lines in SQLite. */
export function sqliteAuditLines(database: SqliteDatabase): AuditLineStore {
  const prepare = (sql: string) => database.prepare(sql)
  const last = prepare(lastLine)
  const insert = prepare(`
    INSERT INTO audit_lines (instance, seq, time, event, previous, mac) VALUES (?, ?, ?, ?, ?, ?)`)
  return {
    ...reader(prepare, (query) => database.read(query)),
    append: (instance, next) =>
      database.write(() => {
        const row = last.get(instance)
        const line = next(row && decode(row))
        insert.run(line.instance, line.seq, line.time, line.event, line.previous, line.mac)
        return line
      }),
    check: healthProbe(database),
  }
}

/**
 * Opens the trail of a database to look only, so that verifying changes nothing that it verifies.
 * `location` as for `openState`. Throws StateUnavailable.
 */
export function openAuditReader(
  location: string,
): AuditLineReader & { readonly close: () => void } {
  const path = /^sqlite:(?<path>.+)$/.exec(location)?.groups?.['path']
  if (path === undefined) {
    throw new StateUnavailable('The trail is not in an SQLite file.', { detail: location })
  }
  const db = openSqliteFileReadOnly(path)
  const read = async <T>(query: () => T): Promise<T> => {
    try {
      return await Promise.resolve(query())
    } catch (error) {
      throw stateUnavailable(error, path)
    }
  }
  return {
    ...reader((sql) => db.prepare(sql), read),
    close: () => {
      db.close()
    },
  }
}

const lastLine = `SELECT ${columns} FROM audit_lines WHERE instance = ? ORDER BY audit_lines.seq DESC LIMIT 1`

function reader(
  prepare: (sql: string) => StatementSync,
  read: <T>(query: () => T) => Promise<T>,
): AuditLineReader {
  return {
    instances: () =>
      read(() =>
        prepare('SELECT DISTINCT CAST(instance AS TEXT) AS instance FROM audit_lines ORDER BY 1')
          .all()
          .map((row) => text(row, 'instance')),
      ),
    lines: async function* (instance) {
      // A statement of its own, because another reader's would be rewound.
      const statement = prepare(
        `SELECT ${columns} FROM audit_lines WHERE instance = ? ORDER BY audit_lines.seq`,
      )
      const rows = await read(() => statement.iterate(instance))
      for (;;) {
        const step = await read(() => rows.next())
        if (step.done === true) return
        yield decode(step.value)
      }
    },
    head: (instance) =>
      read(() => {
        const row = prepare(lastLine).get(instance)
        const counted = prepare('SELECT count(*) AS n FROM audit_lines WHERE instance = ?').get(
          instance,
        )
        return row && counted && { line: decode(row), count: integer(counted, 'n') }
      }),
  }
}

function decode(row: Row): AuditLine {
  const seq = text(row, 'seq')
  return {
    instance: text(row, 'instance'),
    seq: /^\d{1,15}$/.test(seq) ? Number(seq) : Number.NaN,
    time: text(row, 'time'),
    event: text(row, 'event'),
    previous: text(row, 'previous'),
    mac: text(row, 'mac'),
  }
}
