import type { SQLOutputValue } from 'node:sqlite'

/** One row as SQLite gives it. */
export type Row = Record<string, SQLOutputValue>

/** A text column. Throws on any other type, which only a foreign hand can have put there. */
export function text(row: Row, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : wrongType(column, 'text')
}

/** A text column that may be NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column)
}

/** An integer column. */
export function integer(row: Row, column: string): number {
  const value = row[column]
  return typeof value === 'number' && Number.isSafeInteger(value)
    ? value
    : wrongType(column, 'an integer')
}

/** A blob column. */
export function bytes(row: Row, column: string): Uint8Array {
  const value = row[column]
  return value instanceof Uint8Array ? value : wrongType(column, 'bytes')
}

function wrongType(column: string, expected: string): never {
  throw new TypeError(`column ${column} does not hold ${expected}`)
}
