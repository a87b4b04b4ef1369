import { closeSync, openSync, writeFileSync } from 'node:fs'
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
    throw new CliFault(
      there ? `${path} is there already, and nothing is overwritten.` : `${path} can't be written.`,
      { cause },
    )
  }
  try {
    writeFileSync(file, content)
  } finally {
    closeSync(file)
  }
}
