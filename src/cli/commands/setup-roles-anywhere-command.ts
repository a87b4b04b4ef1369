import type { Exclusion, Flag } from '../flags/flag.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'
import { anchors } from './credential-process-command.ts'

const file = { kind: 'text', value: 'PATH', offers: 'files' } as const
const flags: readonly Flag[] = [
  { name: 'pfx', ...file, what: 'PKCS#12 file with certificate and key' },
  { name: 'pfx-password-file', ...file, what: 'File with the password, or - for standard input' },
  { name: 'certificate', ...file, what: 'Certificate in PEM, instead of --pfx' },
  { name: 'private-key', ...file, what: 'Its key; default beside the certificate' },
  { name: 'intermediates', ...file, what: 'Intermediate certificates' },
  {
    name: 'trust-anchor-arn',
    kind: 'text',
    value: 'ARN',
    what: 'Trust anchor of IAM Roles Anywhere',
  },
  { name: 'profile-arn', kind: 'text', value: 'ARN', what: 'Profile of IAM Roles Anywhere' },
  { name: 'role-arn', kind: 'text', value: 'ARN', what: 'Role to get credentials for' },
  { name: 'region', kind: 'text', value: 'REGION', what: 'Region of the profile; default none' },
  { name: 'endpoint', kind: 'text', value: 'URL', what: 'Endpoint to ask instead of AWS’s own' },
  {
    name: 'profile',
    kind: 'text',
    value: 'NAME',
    fallback: 'iamrolesanywhere',
    offers: 'profiles',
    what: 'Profile of ~/.aws/config to add or replace',
  },
  {
    name: 'folder',
    kind: 'text',
    value: 'PATH',
    offers: 'folders',
    what: 'Folder for certificate and key; default UserCertificate in your home',
  },
  { name: 'log', ...file, what: 'Log file; default IAMRolesAnywhereScript.log in your home' },
  { name: 'no-check', kind: 'switch', what: 'Do not ask AWS who you are at the end' },
  jsonFlag,
]
const exclusions: readonly Exclusion[] = [
  ['pfx', 'certificate'],
  ['pfx', 'private-key'],
  ['pfx', 'intermediates'],
]

export const setupRolesAnywhereCommand: Command = {
  name: 'setup roles-anywhere',
  summary: 'Put a certificate to use: a private copy, and a profile in ~/.aws/config',
  description:
    'Takes a certificate and its key, writes them as PEM to a folder that only you can enter, and adds or replaces one ' +
    'profile in ~/.aws/config that gets credentials with them. No other line of that file changes. It can be run again ' +
    'whenever the certificate is renewed, and says how to schedule that.',
  flags,
  exclusions,
  examples: [`postern setup roles-anywhere --pfx client.pfx ${anchors}`],
  load: () => import('./setup-roles-anywhere.ts'),
}
