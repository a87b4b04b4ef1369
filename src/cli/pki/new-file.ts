import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { CliFault } from '../cli-fault.ts'

/** Writes a file that must not be there yet; `secret` for the user's eyes alone. CliFault when it is there. */
export function writeNewFile(
  path: string,
  content: string | Buffer,
  { secret = false } = {},
): void {
  let file: number
  try {
    file = openSync(path, 'wx', secret ? 0o600 : 0o644)
  } catch (cause) {
    const there = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST'
    throw there
      ? new CliFault(`${path} is there already, and nothing is overwritten.`, { cause })
      : unwritable(path, cause)
  }
  try {
    writeFileSync(file, content)
  } catch (cause) {
    // Half a file would bar the next call.
    rmSync(path, { force: true })
    throw unwritable(path, cause)
  } finally {
    closeSync(file)
  }
}

function unwritable(path: string, cause: unknown): CliFault {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CliFault(
    `${path} can't be written: ${why}. Check who may write there, and that the disk has room.`,
    { cause },
  )
}
