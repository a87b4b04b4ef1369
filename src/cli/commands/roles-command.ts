import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const rolesCommand: Command = {
  name: 'roles',
  summary: 'List your roles',
  description:
    'Lists the roles that Postern gives you. Other commands take a role by its ARN, as account/role with the ID or name of ' +
    'the account, or by any part of these that only one of your roles has.',
  flags: [...brokerFlags, jsonFlag],
  exclusions: brokerExclusions,
  examples: ['postern roles', "postern roles --json | jq -r '.roles[].arn'"],
  load: () => import('./roles.ts'),
}
