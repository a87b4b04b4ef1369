import type { Flag } from '../flags/flag.ts'
import { sessionExclusions, sessionFlags } from '../flags/request-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'
import { anchors } from './credential-process-command.ts'

const flags: readonly Flag[] = [
  {
    name: 'port',
    kind: 'integer',
    value: 'PORT',
    fallback: 9911,
    what: 'Port on 127.0.0.1; 0 for any free one',
  },
  {
    name: 'hop-limit',
    kind: 'integer',
    value: 'HOPS',
    fallback: 64,
    what: 'IP time to live of the answers',
  },
  {
    name: 'ecs',
    kind: 'switch',
    what: 'Serve as a container credentials endpoint, with a bearer token, instead of IMDSv2',
  },
  {
    name: 'token-file',
    kind: 'text',
    value: 'PATH',
    offers: 'files',
    what: 'With --ecs: file for the bearer token; default AWS_CONTAINER_AUTHORIZATION_TOKEN, else a new one is shown',
  },
  { ...jsonFlag, what: 'Say port and variables as one line of JSON on standard output' },
]

export const serveCommand: Command = {
  name: 'serve',
  summary: 'Serve credentials on 127.0.0.1, as IMDSv2 or a container endpoint',
  description:
    'Serves credentials to the AWS CLI and the SDKs of this machine the way an EC2 instance does, and renews them in ' +
    'time. When AWS does not answer, the last good ones are served while they last. Set ' +
    'AWS_EC2_METADATA_SERVICE_ENDPOINT as it says at the start.',
  flags: [...flags, ...sessionFlags],
  exclusions: sessionExclusions,
  examples: [
    `postern serve --port 1338 --certificate client.pem --private-key client.key ${anchors}`,
    'postern serve --port 1338 --role Production/ReadOnly',
  ],
  load: () => import('./serve.ts'),
}
