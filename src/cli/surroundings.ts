import type { Effects } from '../effects.ts'
import type { OutputStream, Terminal } from './terminal/terminal.ts'

/** Everything outside that a command may touch. Only main makes the real one. */
export interface Surroundings {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly platform: NodeJS.Platform
  /** The user's number, where the system has such. */
  readonly uid: number | undefined
  readonly home: string
  /** The words that start this very program again, absolute and without symbolic links. */
  readonly program: () => readonly string[]
  /** Before the first TLS connection: makes it cheap; with `named` authorities, no others are believed any more. */
  readonly prepareTls: (named: boolean) => Promise<void>
  readonly effects: Pick<Effects, 'now' | 'randomBytes' | 'sleep'>
  readonly stdout: (text: string | Uint8Array) => void
  readonly stderr: (text: string) => void
  /** The terminal that a stream goes to; undefined where it goes to a file, a pipe or nowhere. */
  readonly terminal: (stream: OutputStream) => Terminal | undefined
  /** All of standard input; called only where the user wrote `-`. */
  readonly readStdin: () => Buffer
  /** Asks at the terminal itself, never on standard input; nothing is echoed. Undefined where there is no terminal. */
  readonly askSecret: (question: string) => Promise<string | undefined>
  /** Aborted by SIGTERM, SIGINT or SIGHUP; from the first call on, these no longer end the process by themselves. */
  readonly stop: () => AbortSignal
}
