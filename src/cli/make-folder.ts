import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder for the user alone, and those above it that are missing; what is there stays as it is. Node's own way
 * never ends where the system can make none, as below /proc. Throws the system's error.
 */
export function makeFolder(path: string): void {
  if (isMade(path)) return
  makeFolder(dirname(path))
  if (!isMade(path)) throw new Error(`${path} can't be made, though the folder above it is there`)
}

/** False where the folder above is missing. */
function isMade(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 })
    return true
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ENOENT' && dirname(path) !== path) return false
    if (code === 'EEXIST' && statSync(path).isDirectory()) return true
    throw error
  }
}
