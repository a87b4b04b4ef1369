import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const whoamiCommand: Command = {
  name: 'whoami',
  summary: 'Say who you are to Postern, and until when',
  description: 'Asks Postern who you are, how you proved it, and when a new sign-in is due.',
  flags: [...brokerFlags, jsonFlag],
  exclusions: brokerExclusions,
  examples: ['postern whoami', 'postern whoami --json'],
  load: () => import('./whoami.ts'),
}
