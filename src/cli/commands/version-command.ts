import type { Command } from './command.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version',
  description: 'Prints the version of Postern.',
  flags: [],
  examples: ['postern version'],
  load: () => import('./version.ts'),
}
