import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { roleFlags } from '../broker/role-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

// What the formats call themselves; loading them would cost every help text.
const formatIds = [
  'bash',
  'fish',
  'tcsh',
  'powershell',
  'cmd',
  'profile',
  'credential-process',
  'env',
  'values',
]

export const credentialsCommand: Command = {
  name: 'credentials',
  operands: 'ROLE',
  summary: 'Print the credentials of a role, for a shell, a file or a tool',
  description:
    'Gets credentials of a role from Postern and prints them as your shell, a file or a tool takes them. Prefer exec or ' +
    'configure, which keep them out of the screen and its history.',
  flags: [
    {
      name: 'format',
      kind: 'text',
      value: 'FORMAT',
      what: 'How to print them; default for the shell of the system, bash or powershell',
      choices: formatIds,
    },
    {
      name: 'profile',
      kind: 'text',
      value: 'NAME',
      fallback: 'default',
      what: 'Name of the profile, for --format profile',
    },
    ...roleFlags,
    ...brokerFlags,
    jsonFlag,
  ],
  exclusions: [...brokerExclusions, ['format', 'json']],
  examples: [
    'eval "$(postern credentials Production/ReadOnly)"',
    'postern credentials Production/ReadOnly --format fish | source',
    'postern credentials ReadOnly --format env > .env',
  ],
  load: () => import('./credentials.ts'),
}
