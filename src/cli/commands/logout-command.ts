import { brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const logoutCommand: Command = {
  name: 'logout',
  summary: 'End the sign-in of this terminal, here and at Postern',
  description:
    'Ends the sign-in at Postern and deletes what is kept of it here: the tokens, and credentials in the cache. When ' +
    'Postern can not be reached, all is deleted here nevertheless, and the exit code is 1. Credentials that were handed ' +
    'out before last until their end.',
  flags: [...brokerFlags.filter(({ name }) => ['broker', 'ca'].includes(name)), jsonFlag],
  examples: ['postern logout', 'postern logout --broker https://postern.corp.example'],
  load: () => import('./logout.ts'),
}
