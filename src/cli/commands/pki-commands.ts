import type { Flag } from '../flags/flag.ts'
import { jsonFlag } from '../terminal/json-output.ts'
import type { Command } from './command.ts'

const folder: Flag = {
  name: 'folder',
  kind: 'text',
  value: 'PATH',
  fallback: 'pki',
  offers: 'folders',
  what: 'Folder of the authority',
}
const days = (fallback: number): Flag => ({
  name: 'days',
  kind: 'integer',
  value: 'DAYS',
  fallback,
  what: 'How long it is valid',
})
const keyType: Flag = {
  name: 'key-type',
  kind: 'text',
  value: 'TYPE',
  fallback: 'ec-p256',
  choices: ['ec-p256', 'ec-p384', 'rsa-2048', 'rsa-4096'],
  what: 'Kind of the new keys',
}
const many = { kind: 'text', many: true } as const

export const pkiCommands: readonly Command[] = [
  {
    name: 'pki init',
    summary: 'Make a small certificate authority, for trying things out and for small teams',
    description:
      'Makes a root, and with --intermediate an authority below it that issues, so that the key of the root can be put ' +
      'away. The root is what a trust anchor of IAM Roles Anywhere takes. Nothing is ever overwritten.',
    flags: [
      folder,
      {
        name: 'name',
        kind: 'text',
        value: 'NAME',
        fallback: 'Postern CA',
        what: 'Common name of the root',
      },
      { name: 'intermediate', kind: 'switch', what: 'Issue by an intermediate authority' },
      days(3650),
      keyType,
      jsonFlag,
    ],
    examples: ['postern pki init --intermediate'],
    load: async () => ({ run: (await import('./pki-init.ts')).run }),
  },
  {
    name: 'pki issue',
    summary: 'Issue a client or server certificate',
    operands: 'NAME',
    description:
      'Issues a certificate that IAM Roles Anywhere accepts, with a new key: NAME.pem, NAME.key and, with --p12, NAME.p12 ' +
      'in the folder issued. Nothing is overwritten.',
    flags: [
      folder,
      {
        name: 'usage',
        kind: 'text',
        value: 'USAGE',
        fallback: 'client',
        choices: ['client', 'server'],
        what: 'What it is for',
      },
      {
        name: 'common-name',
        kind: 'text',
        value: 'NAME',
        what: 'Common name, where it is another',
      },
      { name: 'organization', kind: 'text', value: 'NAME', what: 'Organization of the subject' },
      { name: 'unit', kind: 'text', value: 'NAME', what: 'Organizational unit of the subject' },
      { name: 'dns', ...many, value: 'HOST', what: 'DNS name; of a server, default NAME' },
      { name: 'ip', ...many, value: 'ADDRESS', what: 'IP address' },
      { name: 'uri', ...many, value: 'URI', what: 'URI' },
      { name: 'email', ...many, value: 'ADDRESS', what: 'E-mail address' },
      days(30),
      keyType,
      { name: 'p12', kind: 'switch', what: 'Write a PKCS#12 file too' },
      {
        name: 'p12-password-file',
        kind: 'text',
        value: 'PATH',
        offers: 'files',
        what: 'File with its password, or - for standard input; default asked for at the terminal',
      },
      jsonFlag,
    ],
    examples: [
      'postern pki issue alice --days 7 --p12',
      'postern pki issue web --usage server --dns web.corp.example',
    ],
    load: async () => ({ run: (await import('./pki-issue.ts')).run }),
  },
  {
    name: 'pki list',
    summary: 'List what was issued, and what became of it',
    description:
      'Lists the certificates that were issued here, with serial number, end, and whether they are valid, expired or ' +
      'revoked.',
    flags: [folder, jsonFlag],
    examples: ['postern pki list', 'postern pki list --json'],
    load: async () => ({ run: (await import('./pki-list.ts')).run }),
  },
  {
    name: 'pki revoke',
    summary: 'Revoke a certificate that was issued here',
    operands: 'NAME|SERIAL',
    description: 'Notes that a certificate is revoked and writes a new revocation list, crl.pem.',
    flags: [folder, days(30), jsonFlag],
    examples: ['postern pki revoke alice'],
    load: async () => ({ run: (await import('./pki-revoke.ts')).run }),
  },
  {
    name: 'pki crl',
    summary: 'Write a new revocation list',
    description:
      'Writes crl.pem anew, with the revoked certificates that have not ended. IAM Roles Anywhere takes it by ' +
      'aws rolesanywhere import-crl.',
    flags: [folder, days(30), jsonFlag],
    examples: ['postern pki crl --days 7'],
    load: async () => ({ run: (await import('./pki-crl.ts')).run }),
  },
]
