import { sessionExclusions, sessionFlags } from '../flags/request-flags.ts'
import type { Command } from './command.ts'
import { run } from './credential-process.ts'

export const anchors =
  '--trust-anchor-arn arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/ID ' +
  '--profile-arn arn:aws:rolesanywhere:us-east-1:111111111111:profile/ID ' +
  '--role-arn arn:aws:iam::111111111111:role/ReadOnly'

export const credentialProcessCommand: Command = {
  name: 'credential-process',
  summary: 'Print credentials as JSON, for credential_process in ~/.aws/config',
  description:
    'Exchanges a certificate for the credentials of a role by IAM Roles Anywhere and prints them as JSON, which is what ' +
    'the AWS CLI and the SDKs expect of a credential_process. They are kept in a cache that only you can read, until 20 ' +
    'minutes or half their life are left. With --role, a Postern is asked instead, and the sign-in of postern login proves ' +
    'who you are.',
  flags: sessionFlags,
  exclusions: sessionExclusions,
  examples: [
    `postern credential-process --certificate client.pem --private-key client.key ${anchors}`,
    `postern credential-process --certificate client.p12 ${anchors}`,
    'postern credential-process --role Production/ReadOnly',
  ],
  load: () => Promise.resolve({ run }),
}
