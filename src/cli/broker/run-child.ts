import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { CliFault } from '../cli-fault.ts'
import type { Surroundings } from '../surroundings.ts'

/** A command that is not there, or can't be run (POSIX.1-2024, XCU §2.8.2). */
class NotRun extends CliFault {
  override readonly exitCode: number

  constructor(program: string, error: NodeJS.ErrnoException) {
    const isMissing = error.code === 'ENOENT'
    super(isMissing ? `There is no command ${program}.` : `${program} can't be run.`, {
      detail: error.message,
      cause: error,
    })
    this.exitCode = isMissing ? 127 : 126
  }
}

const fromTerminal: readonly NodeJS.Signals[] = ['SIGINT', 'SIGQUIT']
const passedOn: readonly NodeJS.Signals[] = ['SIGTERM', 'SIGHUP', 'SIGUSR2', 'SIGCONT']

/**
 * Runs a command on this terminal, with its streams; resolves to its exit code, or 128 and the number of the signal that
 * ended it. Signals are passed on. NotRun when it can't be started.
 */
export async function runChild(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  { platform }: Pick<Surroundings, 'platform'>,
): Promise<number> {
  const isWindows = platform === 'win32'
  // A terminal sends these to the command as well; it must not get them twice.
  const isSentTwice = isWindows || hasTerminal()
  // Before the command starts, so that no signal is between the two.
  const handlers = [...passedOn, ...fromTerminal]
    .filter((signal) => !isWindows || signal !== 'SIGUSR2')
    .map((signal) => {
      const handler = (): void => {
        if (!isSentTwice || !fromTerminal.includes(signal)) child.kill(signal)
      }
      process.on(signal, handler)
      return { signal, handler }
    })
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  const child = spawn(program, [...args], { env, stdio: 'inherit' })
  child.once('error', (error) => {
    reject(new NotRun(program, error))
  })
  child.once('exit', (code, signal) => {
    resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
  try {
    return await promise
  } finally {
    for (const { signal, handler } of handlers) process.off(signal, handler)
  }
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
