import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Surroundings } from '../../src/cli/surroundings.ts'

export interface HeldSurroundings extends Surroundings {
  /** What was said so far. */
  readonly said: { out: string; err: string }
}

/** Surroundings for a part of the command line: no terminal, no environment, and what is said is kept. */
export function heldSurroundings(other: Partial<Surroundings> = {}): HeldSurroundings {
  const said = { out: '', err: '' }
  return {
    env: {},
    platform: 'linux',
    uid: process.getuid?.(),
    home: '/nonexistent',
    program: () => ['/opt/node', '/opt/postern.cjs'],
    prepareTls: () => Promise.resolve(),
    effects: {
      now: () => new Date(),
      randomBytes,
      sleep: async (milliseconds, signal) => {
        await delay(milliseconds, undefined, signal ? { signal } : {})
      },
    },
    stdout: (text) => {
      said.out += Buffer.from(text).toString()
    },
    stderr: (text) => {
      said.err += text
    },
    terminal: () => undefined,
    readStdin: () => Buffer.alloc(0),
    askSecret: () => Promise.resolve(undefined),
    stop: () => new AbortController().signal,
    ...other,
    said,
  }
}
