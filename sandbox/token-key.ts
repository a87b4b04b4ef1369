import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const KEY_BYTES = 32

/** The key kept in a folder, made at the first start, so that session tokens outlive a restart. */
export function keptTokenKey(folder: string): Buffer {
  mkdirSync(folder, { recursive: true })
  const file = join(folder, 'session-token.key')
  try {
    writeFileSync(file, randomBytes(KEY_BYTES), { flag: 'wx', mode: 0o600 })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
  }
  const key = readFileSync(file)
  if (key.length !== KEY_BYTES) throw new Error(`${file} should hold ${KEY_BYTES} bytes; remove it`)
  return key
}
