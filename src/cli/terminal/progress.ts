import type { Surroundings } from '../surroundings.ts'
import { fitted } from './visible-text.ts'

const patience = 500
const step = 1_000
const erased = '\r\u001b[2K'

/**
 * Does some work, and where it takes longer than half a second says on standard error what is being waited for and since
 * when, in one line that is gone when the work is done. Only on a terminal; standard output is never touched. The result,
 * or failure, is that of the work.
 */
export async function withProgress<Result>(
  what: string,
  { effects, stderr, terminal }: Pick<Surroundings, 'effects' | 'stderr' | 'terminal'>,
  work: () => Promise<Result>,
): Promise<Result> {
  const screen = terminal('stderr')
  if (!screen) return work()
  const done = new AbortController()
  const { isCapable, columns } = screen
  const said = (async (): Promise<boolean> => {
    const pause = (milliseconds: number): Promise<boolean> =>
      effects.sleep(milliseconds, done.signal).then(
        () => !done.signal.aborted,
        () => false,
      )
    if (!(await pause(patience))) return false
    if (!isCapable) {
      stderr(`${what} ...\n`)
      return false
    }
    for (let seconds = 0; ; seconds += 1) {
      const since = seconds === 0 ? ' ...' : ` ... ${seconds} s`
      stderr(`${erased}${fitted(what, columns - 1 - since.length)}${since}`)
      if (!(await pause(seconds === 0 ? step - patience : step))) return true
    }
  })()
  try {
    return await work()
  } finally {
    done.abort()
    if (await said) stderr(erased)
  }
}
