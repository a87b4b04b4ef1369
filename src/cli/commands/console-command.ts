import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const consoleCommand: Command = {
  name: 'console',
  operands: 'ROLE',
  summary: 'Open the AWS console with a role',
  description:
    'Gets a sign-in URL for a role from Postern and opens it in your browser; over SSH it is printed. Whoever has the URL ' +
    'is in: it is good for 15 minutes.',
  flags: [
    { name: 'destination', kind: 'text', value: 'URL', what: 'Page of the console to open' },
    {
      name: 'session-duration',
      kind: 'integer',
      value: 'SECONDS',
      what: "Life of the console session; default the role's own",
    },
    { name: 'region', kind: 'text', value: 'REGION', what: "Region; default the role's own" },
    { name: 'print', kind: 'switch', what: 'Print the sign-in URL instead of opening it' },
    ...brokerFlags,
    jsonFlag,
  ],
  exclusions: [...brokerExclusions, ['print', 'json']],
  examples: [
    'postern console Production/ReadOnly',
    'postern console ReadOnly --destination https://eu-west-1.console.aws.amazon.com/s3/home',
    'postern console ReadOnly --print',
  ],
  load: () => import('./console.ts'),
}
