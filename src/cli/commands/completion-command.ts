import type { Command } from './command.ts'

/** `all` is asked when the command runs: the command is one of them itself. */
export const completionCommand = (all: () => readonly Command[]): Command => ({
  name: 'completion',
  summary: 'Print a completion script for bash, zsh or fish',
  description:
    'Prints the script that lets a shell complete commands and flags of postern. Put it where the shell looks for such, ' +
    'or load it at the start of the shell.',
  operands: 'bash|zsh|fish',
  flags: [],
  examples: [
    'source <(postern completion bash)',
    'source <(postern completion zsh)',
    'postern completion fish | source',
  ],
  load: async () => {
    const { completionRun } = await import('./completion.ts')
    return { run: completionRun(all()) }
  },
})
