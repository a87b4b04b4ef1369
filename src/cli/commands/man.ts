import { manPage } from '../help/man-page.ts'
import { version } from '../version.ts'
import type { Command, Run } from './command.ts'

/** Prints the man page of all commands. */
export function manRun(commands: readonly Command[]): Run {
  return (_flags, { stdout }) => {
    stdout(manPage(commands, version))
    return Promise.resolve(0)
  }
}
