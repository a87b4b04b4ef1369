import { readSync } from 'node:fs'
import { CliFault } from './cli-fault.ts'

const largest = 1024 * 1024
const pause = 10

/** All of standard input. CliFault when there is nothing, more than a mebibyte, or nothing to read from. */
export function readStdin(): Buffer {
  const chunks: Buffer[] = []
  for (let total = 0; total <= largest;) {
    const chunk = someOf(Buffer.alloc(64 * 1024))
    if (chunk.length === 0) return whole(chunks)
    chunks.push(chunk)
    total += chunk.length
  }
  throw new CliFault(`Standard input has more than ${largest} bytes. Is it the right file?`)
}

function whole(chunks: readonly Buffer[]): Buffer {
  if (chunks.length > 0) return Buffer.concat(chunks)
  throw new CliFault('Standard input is empty, and a - says that something comes by it.')
}

function someOf(room: Buffer): Buffer {
  for (;;) {
    try {
      return room.subarray(0, readSync(0, room))
    } catch (cause) {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      // The end of a pipe on Windows.
      if (code === 'EOF') return room.subarray(0, 0)
      if (code !== 'EAGAIN') {
        const why = cause instanceof Error ? cause.message : String(cause)
        throw new CliFault(`Standard input can't be read: ${why}. Give a file instead of -.`, {
          cause,
        })
      }
    }
    // Whoever shares the pipe made it one that does not wait.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause)
  }
}
