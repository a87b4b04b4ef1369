import type { Flag } from '../flags/flag.ts'
import { signingExclusions, signingFlags } from '../flags/request-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

const flags: readonly Flag[] = [
  {
    name: 'digest',
    kind: 'text',
    value: 'DIGEST',
    fallback: 'SHA256',
    choices: ['SHA256', 'SHA384', 'SHA512'],
    what: 'Digest to sign',
  },
  {
    name: 'format',
    kind: 'text',
    value: 'FORMAT',
    fallback: 'json',
    choices: ['json', 'text', 'bin'],
    what: 'How the signature is printed',
  },
  { ...jsonFlag, what: 'Print algorithm, digest, certificate and signature as JSON' },
]

export const signStringCommand: Command = {
  name: 'sign-string',
  summary: 'Sign a fixed string, to try a key out',
  description:
    'Signs a fixed string with the key and prints the signature. It shows whether the key can be used, without asking ' +
    'AWS anything. Standard input is not read.',
  flags: [...flags, ...signingFlags],
  exclusions: [['format', 'json'], ...signingExclusions],
  examples: ['postern sign-string --certificate client.pem --private-key client.key --format text'],
  load: () => import('./sign-string.ts'),
}
