import type { Command } from '../commands/command.ts'
import { explained, signature } from './help-text.ts'

/** The man page of all commands, in man(7)'s macros, from the same texts as --help. */
export function manPage(commands: readonly Command[], version: string): string {
  const lines = [
    `.TH POSTERN 1 "" "Postern ${version}" "User Commands"`,
    '.SH NAME',
    'postern \\- into AWS without keys',
    '.SH SYNOPSIS',
    '.B postern',
    '.I COMMAND',
    '[flags]',
    '.SH COMMANDS',
  ]
  for (const { name, operands, description, flags, examples } of commands) {
    lines.push(`.SS ${escaped([name, operands].filter((part) => part !== undefined).join(' '))}`)
    lines.push(escaped(description))
    for (const flag of flags) {
      lines.push('.TP', `.B \\-\\-${escaped(signature(flag))}`, escaped(explained(flag)))
    }
    lines.push('.PP', 'Examples:', '.PP', '.nf', ...examples.map((line) => escaped(line)), '.fi')
  }
  lines.push('.SH EXIT STATUS')
  for (const [code, what] of exitCodes) lines.push('.TP', `.B ${code}`, escaped(what))
  lines.push('.SH ENVIRONMENT')
  for (const [name, what] of variables) lines.push('.TP', `.B ${escaped(name)}`, escaped(what))
  return `${lines.join('\n')}\n`
}

const exitCodes: readonly (readonly [string, string])[] = [
  ['0', 'It worked; for serve and update also: it was told to stop.'],
  ['1', 'It did not work; standard error says why, and standard output is empty.'],
  ['2', 'The name of a role could mean several, or none; standard error lists the candidates.'],
  ['3', 'Nobody is signed in at the Postern, or not any more: run postern login.'],
  [
    '126, 127',
    'exec: the command can not be run, or is not there. Otherwise exec ends as the command does, with 128 and the ' +
      'number of the signal that ended it.',
  ],
  ['130', 'login was given up with Ctrl-C.'],
]

const variables: readonly (readonly [string, string])[] = [
  [
    'AWS_PROFILE',
    'Profile that update writes; profile of ~/.aws/config whose endpoint and CA bundle count.',
  ],
  ['AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE', 'These files instead of those in ~/.aws.'],
  [
    'AWS_CA_BUNDLE',
    'PEM file of the authorities that are trusted instead of the usual ones; else SSL_CERT_FILE and SSL_CERT_DIR.',
  ],
  [
    'AWS_ENDPOINT_URL_ROLESANYWHERE, AWS_ENDPOINT_URL',
    'Endpoint to ask; the first counts before --endpoint.',
  ],
  ['AWS_USE_FIPS_ENDPOINT, AWS_USE_DUALSTACK_ENDPOINT', 'true for such an endpoint.'],
  ['AWS_MAX_ATTEMPTS', 'How often a request is sent at most, 1 to 10; default 3.'],
  ['HTTPS_PROXY, HTTP_PROXY, NO_PROXY', 'Proxies, and hosts that are asked directly.'],
  ['PKCS11_MODULE_PATH', 'PKCS#11 module where --pkcs11-lib is not given.'],
  ['TPM_DEVICE', 'Device or socket of the TPM; default /dev/tpmrm0, else /dev/tpm0.'],
  ['TPM_CHILD_KEY_PASSWORD, TPM_PRIMARY_KEY_PASSWORD', 'Passwords of a TPM key and of its parent.'],
  ['CREDENTIAL_HELPER_KEYCHAIN_PASSWORD', 'Password of the keychain credential-helper on macOS.'],
  [
    'AWS_CONTAINER_AUTHORIZATION_TOKEN, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'Bearer token that serve --ecs asks for.',
  ],
  [
    'AWS_EC2_METADATA_SERVICE_ENDPOINT',
    'Set for AWS tools to what serve says at its start; not read by postern.',
  ],
  ['POSTERN_BROKER', 'Postern to ask where --broker is not given; default that of the last login.'],
  ['BROWSER', 'Program that opens addresses, with its arguments; %s stands for the address.'],
  [
    'SSH_CONNECTION, SSH_TTY, SSH_CLIENT',
    'Where one is set, login shows a code, and console prints the address.',
  ],
  ['KRB5CCNAME, KRB5_CONFIG', 'Tickets and settings of Kerberos, for --kerberos.'],
  ['XDG_CONFIG_HOME', 'Folder below which the sign-ins are; default ~/.config.'],
  ['XDG_CACHE_HOME', 'Folder below which the credential cache is; default ~/.cache.'],
  ['NO_COLOR', 'No colours; without it there are some at a terminal. TERM=dumb means the same.'],
]

function escaped(text: string): string {
  return text
    .replace(/\\/g, '\\e')
    .replace(/-/g, '\\-')
    .replace(/^([.'])/, '\\&$1')
    .replace(/’/g, "'")
}
