import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { constants } from 'node:os'
import { CliFault } from '../cli-fault.ts'
import type { Surroundings } from '../surroundings.ts'
import { programPath } from './program-path.ts'

/** A command that is not there, or can't be run (POSIX.1-2024, XCU §2.8.2). */
class NotRun extends CliFault {
  override readonly exitCode: number

  constructor(message: string, exitCode: 126 | 127, cause?: Error) {
    super(message, { cause, ...(cause && { detail: cause.message }) })
    this.exitCode = exitCode
  }
}

function notRun(program: string, cause: unknown): NotRun {
  const error = cause instanceof Error ? cause : new Error(String(cause))
  return 'code' in error && error.code === 'ENOENT'
    ? new NotRun(`There is no command ${program}.`, 127, error)
    : new NotRun(`${program} can't be run.`, 126, error)
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
  const found = programPath(program, env, platform)
  if (found === undefined) throw new NotRun(`There is no command ${program} in PATH.`, 127)
  if (isWindows && /\.(?:bat|cmd)$/i.test(found)) {
    throw new NotRun(`${program} is a batch file, which a shell runs: cmd /c ${program}`, 126)
  }
  // A terminal sends these to the command as well; it must not get them twice.
  const isSentTwice = isWindows || hasTerminal()
  // Before the command starts, so that no signal is between the two.
  const handlers = [...passedOn, ...fromTerminal]
    .filter((signal) => !isWindows || signal !== 'SIGUSR2')
    .map((signal) => {
      const handler = (): void => {
        if (!isSentTwice || !fromTerminal.includes(signal)) child?.kill(signal)
      }
      process.on(signal, handler)
      return { signal, handler }
    })
  let child: ChildProcess | undefined
  try {
    child = spawn(found, [...args], { env, stdio: 'inherit' })
    return await exitCode(child)
  } catch (error) {
    throw notRun(program, error)
  } finally {
    for (const { signal, handler } of handlers) process.off(signal, handler)
  }
}

function exitCode(child: ChildProcess): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<number>()
  child.once('error', reject)
  child.once('exit', (code, signal) => {
    resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
  })
  return promise
}

function hasTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'))
    return true
  } catch {
    return false
  }
}
