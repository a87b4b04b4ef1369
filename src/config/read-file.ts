import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/** Reads a whole file; throws when it is not there, not a file, or longer than `maxBytes`. */
export type ReadFile = (path: string, maxBytes: number) => Buffer

/** The real one. Asks the open file for its kind, so that a device or a pipe can't hold the start up. */
export const readFile: ReadFile = (path, maxBytes) => {
  const file = openSync(path, 'r')
  try {
    const { size } = regular(fstatSync(file))
    if (size > maxBytes) throw new Error(`larger than ${maxBytes} bytes`)
    const buffer = Buffer.alloc(size)
    return buffer.subarray(0, readSync(file, buffer, 0, size, 0))
  } finally {
    closeSync(file)
  }
}

function regular<Stats extends { isFile(): boolean }>(stats: Stats): Stats {
  if (!stats.isFile()) throw new Error('not a regular file')
  return stats
}
