import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { roleFlags } from '../broker/role-flags.ts'
import type { Command } from './command.ts'

export const execCommand: Command = {
  name: 'exec',
  operands: 'ROLE -- COMMAND',
  summary: 'Run a command with the credentials of a role',
  description:
    'Runs a command with the credentials of a role in its environment and nowhere else. Variables of other AWS ' +
    'credentials and profiles are taken out. Signals are passed on, and the exit code is that of the command: 127 where ' +
    'there is no such command, 128 and the number of the signal that ended it.',
  flags: [...roleFlags, ...brokerFlags],
  exclusions: brokerExclusions,
  examples: [
    'postern exec Production/ReadOnly -- aws s3 ls',
    'postern exec ReadOnly --session-duration 3600 -- terraform plan',
  ],
  load: () => import('./exec.ts'),
}
