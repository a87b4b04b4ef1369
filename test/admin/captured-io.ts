import { PassThrough } from 'node:stream'
import type { AdminInput, AdminIo } from '../../src/admin/admin-io.ts'

/** An AdminIo that keeps what a command says. */
export function capturedIo(stdin?: AdminInput) {
  const out: string[] = []
  const err: string[] = []
  const io: AdminIo = {
    stdout: (line) => out.push(line),
    stderr: (line) => err.push(line),
    ...(stdin && { stdin }),
  }
  return { io, out, err, text: () => out.join('\n'), errors: () => err.join('\n') }
}

/** A pipe with these bytes in it. */
export function pipe(...chunks: readonly (string | Buffer)[]): AdminInput {
  const stream = new PassThrough()
  for (const chunk of chunks) stream.write(chunk)
  stream.end()
  return stream
}

/** A terminal at which somebody types; notes whether raw mode was on. */
export function terminal(...typed: readonly (string | Buffer)[]) {
  const stream = new PassThrough()
  const modes: boolean[] = []
  const stdin: AdminInput = Object.assign(stream, {
    isTTY: true as const,
    setRawMode(mode: boolean) {
      modes.push(mode)
      if (mode) for (const piece of typed) stream.write(piece)
    },
  })
  return { stdin, modes }
}
