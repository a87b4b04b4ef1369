import type { Command } from './command.ts'

/** `all` is asked when the command runs: the command is one of them itself. */
export const manCommand = (all: () => readonly Command[]): Command => ({
  name: 'man',
  summary: 'Print the man page',
  description: 'Prints the man page in roff. It says what --help says.',
  flags: [],
  examples: ['postern man | man -l -', 'postern man > /usr/local/share/man/man1/postern.1'],
  load: async () => {
    const { manRun } = await import('./man.ts')
    return { run: manRun(all()) }
  },
})
