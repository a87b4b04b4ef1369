import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const loginCommand: Command = {
  name: 'login',
  summary: 'Sign in at a Postern, once for all commands',
  description:
    'Opens the browser, where you sign in and approve this terminal. Over SSH, and where there is no browser, a code is ' +
    'shown that you approve in a browser elsewhere. The sign-in is kept in the keyring of the system, or in a file that ' +
    'only you can read, and renews itself while Postern allows it. With --kerberos or --certificate there is no browser ' +
    'and nothing is kept: each request proves who you are.',
  flags: [
    ...brokerFlags,
    { name: 'device', kind: 'switch', what: 'Show a code to approve in a browser elsewhere' },
    {
      name: 'no-keyring',
      kind: 'switch',
      what: 'Keep the sign-in in a file that only you can read',
    },
    jsonFlag,
  ],
  exclusions: [...brokerExclusions, ['kerberos', 'device'], ['certificate', 'device']],
  examples: [
    'postern login --broker https://postern.corp.example',
    'postern login --device',
    'postern login --kerberos',
  ],
  load: () => import('./login.ts'),
}
