import { bashCompletion } from '../completion/bash.ts'
import { fishCompletion } from '../completion/fish.ts'
import { zshCompletion } from '../completion/zsh.ts'
import { UsageFault } from '../flags/flag.ts'
import type { Command, Run } from './command.ts'

const shells = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
])

/** Prints the script for the shell that is named. */
export function completionRun(commands: readonly Command[]): Run {
  return ({ words: [shell = ''] }, { stdout }) => {
    const script = shells.get(shell)
    if (!script) throw new UsageFault(`name a shell: ${[...shells.keys()].join(', ')}`)
    stdout(script(commands))
    return Promise.resolve(0)
  }
}
