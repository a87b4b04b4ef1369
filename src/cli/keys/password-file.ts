import { readFileSync } from 'node:fs'
import { CliFault } from '../cli-fault.ts'
import { standardInput } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'

/** The password in a file, or on standard input for `-`, without the line end. CliFault when it can't be read. */
export function passwordIn(path: string, { readStdin }: Pick<Surroundings, 'readStdin'>): string {
  return (path === standardInput ? readStdin() : bytesOf(path))
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

function bytesOf(path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new CliFault(`The file with the password can't be read: ${why}. Check its path.`, {
      cause,
    })
  }
}
