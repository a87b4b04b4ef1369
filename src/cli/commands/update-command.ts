import type { Flag } from '../flags/flag.ts'
import { sessionExclusions, sessionFlags } from '../flags/request-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'
import { anchors } from './credential-process-command.ts'

const flags: readonly Flag[] = [
  {
    name: 'profile',
    kind: 'text',
    value: 'NAME',
    fallback: 'default',
    offers: 'profiles',
    what: 'Profile in the credentials file; AWS_PROFILE counts where this is not given',
  },
  { name: 'once', kind: 'switch', what: 'Write once and end' },
  { ...jsonFlag, what: 'Say what was written as one line of JSON each time' },
]

export const updateCommand: Command = {
  name: 'update',
  summary: 'Keep a profile of ~/.aws/credentials fresh',
  description:
    'Writes credentials to one profile of the credentials file (AWS_SHARED_CREDENTIALS_FILE, else ~/.aws/credentials) and ' +
    'writes new ones before they end. Every other byte of the file stays as it is.',
  flags: [...flags, ...sessionFlags],
  exclusions: sessionExclusions,
  examples: [
    `postern update --once --profile reader --certificate client.pem --private-key client.key ${anchors}`,
    'postern update --once --profile reader --role Production/ReadOnly',
  ],
  load: () => import('./update.ts'),
}
