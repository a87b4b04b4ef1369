import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const versionCommand: Command = {
  name: 'version',
  summary: 'Print the version',
  description: 'Prints the version of Postern; with --json, that of Node and the system too.',
  flags: [jsonFlag],
  examples: ['postern version', 'postern version --json'],
  load: () => import('./version.ts'),
}
