import { fstatSync, realpathSync, writeSync } from 'node:fs'
import { CliFault } from './cli-fault.ts'
import { readStdin } from './read-stdin.ts'
import { run } from './run.ts'
import type { Surroundings } from './surroundings.ts'
import type { OutputStream, Terminal } from './terminal/terminal.ts'

// Node's own stream costs every call a fourteenth; but it would also wait where a pipe is full.
function write(file: number, text: string | Uint8Array): void {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(file, bytes))
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined
      // Where standard error takes nothing, there is nowhere left to say so.
      if (code === 'EPIPE' || (code !== 'EAGAIN' && file === 2)) return
      if (code !== 'EAGAIN') throw unwritable(error)
    }
  }
}

function unwritable(cause: unknown): CliFault {
  const why = cause instanceof Error ? cause.message : String(cause)
  return new CliFault(`Standard output can't be written: ${why}. Is the disk full?`, { cause })
}

// Node's own streams know the width; loading them where no terminal is would cost, so others are asked first.
function terminal(stream: OutputStream): Terminal | undefined {
  const { TERM: kind } = process.env
  if (!kind && process.platform !== 'win32') return undefined
  const file = stream === 'stdout' ? 1 : 2
  if (!isDevice(file) || !process.getBuiltinModule('node:tty').isatty(file)) return undefined
  return { columns: process[stream].columns || 80, isCapable: kind !== 'dumb' }
}

function isDevice(file: number): boolean {
  try {
    return fstatSync(file).isCharacterDevice()
  } catch {
    return false
  }
}

// npx calls by a link in its cache, and what is written into a file must outlast that.
function program(): readonly string[] {
  const [node = '', script = ''] = process.argv
  if (process.getBuiltinModule('node:sea').isSea()) return [node]
  try {
    return [node, realpathSync(script)]
  } catch {
    return [node, script]
  }
}

// POSIX systems have it there already; loading node:os costs a cached call a fiftieth.
function home(): string {
  if (process.env['HOME']) return process.env['HOME']
  const { homedir, userInfo } = process.getBuiltinModule('node:os')
  // Empty where HOME is.
  return homedir() || userInfo().homedir
}

let stopping: AbortController | undefined

function stop(): AbortSignal {
  if (!stopping) {
    const controller = new AbortController()
    for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
      process.once(name, () => {
        controller.abort(new Error(name))
      })
    }
    stopping = controller
  }
  return stopping.signal
}

const surroundings: Surroundings = {
  env: process.env,
  platform: process.platform,
  uid: process.getuid?.(),
  home: home(),
  program,
  effects: {
    now: () => new Date(),
    // By need: a call that the cache answers needs no randomness, and loading it costs a tenth.
    randomBytes: (length) => process.getBuiltinModule('node:crypto').randomBytes(length),
    sleep: async (milliseconds, signal) => {
      const { setTimeout: delay } = await import('node:timers/promises')
      await delay(milliseconds, undefined, signal ? { signal } : {})
    },
  },
  prepareTls: async (named) => {
    const { prepareTls } = await import('./prepare-tls.ts')
    prepareTls(named)
  },
  stdout: (text) => {
    write(1, text)
  },
  stderr: (text) => {
    write(2, text)
  },
  terminal,
  readStdin,
  askSecret: async (question) => {
    const { askSecret } = await import('./ask-secret.ts')
    return askSecret(question, process.platform)
  },
  stop,
}

void run(process.argv.slice(2), surroundings).then((code) => {
  // Everything is written. Waiting for Node to take itself apart would cost a twenty-fifth of its start.
  process.exit(code)
})
