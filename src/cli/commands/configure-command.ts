import { brokerExclusions, brokerFlags } from '../broker/broker-flags.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

export const configureCommand: Command = {
  name: 'configure',
  operands: '[ROLE...]',
  summary: 'Write a profile of ~/.aws/config for each role',
  description:
    'Writes a profile for each role that is named, or for all of yours, that gets its credentials by postern ' +
    'credential-process. From then on the AWS CLI, the SDKs and Terraform take them by the name of the profile. No other ' +
    'line of the file changes, and no profile that something else has made.',
  flags: [
    {
      name: 'profile',
      kind: 'text',
      value: 'NAME',
      what: 'Name of the profile, where one role is named; default account-role',
    },
    {
      name: 'session-duration',
      kind: 'integer',
      value: 'SECONDS',
      what: "Life of the credentials; default the role's own",
    },
    { name: 'force', kind: 'switch', what: 'Replace profiles that something else has made too' },
    ...brokerFlags,
    jsonFlag,
  ],
  exclusions: brokerExclusions,
  examples: [
    'postern configure',
    'postern configure Production/ReadOnly --profile prod',
    'aws s3 ls --profile Production-ReadOnly',
  ],
  load: () => import('./configure.ts'),
}
