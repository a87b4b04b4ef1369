import { brokerRoleExclusions, brokerRoleFlags } from '../broker/broker-flags.ts'
import type { Exclusion, Flag } from './flag.ts'

const file = { kind: 'text', value: 'PATH', offers: 'files' } as const
const pem = 'PEM, DER or PKCS#12'

/** Where key and certificate are; every command that signs has these. */
const keyFlags: readonly Flag[] = [
  {
    name: 'certificate',
    ...file,
    what: `Certificate: a file (${pem}), a PKCS#11 URI, or - for standard input`,
  },
  {
    name: 'private-key',
    ...file,
    what: 'Private key: a file, a PKCS#11 URI, or handle:0x81000001 in a TPM; default beside the certificate',
  },
  {
    name: 'cert-selector',
    kind: 'text',
    value: 'SELECTOR',
    what: 'Key=x509Subject,Value=CN=me, also x509Issuer and x509Serial; or file://PATH of such as JSON (macOS, Windows)',
  },
  {
    name: 'system-store-name',
    kind: 'text',
    value: 'NAME',
    fallback: 'MY',
    what: 'Certificate store to look in (Windows)',
  },
  {
    name: 'use-latest-expiring-certificate',
    kind: 'switch',
    what: 'Of several matching certificates, take the one that ends last',
  },
  { name: 'pkcs11-lib', ...file, what: 'PKCS#11 module; default PKCS11_MODULE_PATH, else p11-kit' },
  {
    name: 'reuse-pin',
    kind: 'switch',
    what: 'Use the PIN of the login for keys that ask at each signature',
  },
  { name: 'tpm-key-password', kind: 'text', value: 'PASSWORD', what: 'Password of the TPM key' },
  { name: 'no-tpm-key-password', kind: 'switch', what: 'The TPM key has no password' },
  {
    name: 'pkcs8-password',
    kind: 'text',
    value: 'PASSWORD',
    what: 'Password of an encrypted PKCS#8 key or a PKCS#12 file; default asked for at the terminal',
  },
]

const requestFlags: readonly Flag[] = [
  { name: 'role-arn', kind: 'text', value: 'ARN', what: 'Role to get credentials for' },
  { name: 'profile-arn', kind: 'text', value: 'ARN', what: 'Profile of IAM Roles Anywhere' },
  {
    name: 'trust-anchor-arn',
    kind: 'text',
    value: 'ARN',
    what: 'Trust anchor of IAM Roles Anywhere',
  },
  {
    name: 'session-duration',
    kind: 'integer',
    value: 'SECONDS',
    fallback: 3600,
    what: 'Life of the credentials, 900 to 43200 seconds',
  },
  {
    name: 'role-session-name',
    kind: 'text',
    value: 'NAME',
    what: 'Name of the role session, where the profile takes one',
  },
  { name: 'region', kind: 'text', value: 'REGION', what: "Signing region; default the anchor's" },
  { name: 'endpoint', kind: 'text', value: 'URL', what: 'Endpoint to ask instead of AWS’s own' },
  {
    name: 'intermediates',
    ...file,
    what: 'Intermediate certificates; default what the certificate’s file holds above it',
  },
  {
    name: 'with-proxy',
    kind: 'switch',
    what: 'Taken for compatibility: HTTPS_PROXY, HTTP_PROXY and NO_PROXY always count',
  },
  { name: 'no-verify-ssl', kind: 'switch', what: 'Do not verify the certificate of the endpoint' },
  { name: 'debug', kind: 'switch', what: 'Say on standard error what is asked; never a secret' },
  {
    name: 'no-cache',
    kind: 'switch',
    what: 'Neither take credentials from the cache nor put them there',
  },
]

/** The flags of credential-process, update and serve. */
export const sessionFlags: readonly Flag[] = [
  ...brokerRoleFlags,
  ...requestFlags.slice(0, 7),
  ...keyFlags,
  ...requestFlags.slice(7),
]

export const sessionExclusions: readonly Exclusion[] = [
  ...brokerRoleExclusions,
  ['cert-selector', 'intermediates'],
  ['cert-selector', 'no-tpm-key-password'],
  ['cert-selector', 'reuse-pin'],
  ['cert-selector', 'tpm-key-password'],
  ['certificate', 'cert-selector'],
  ['certificate', 'system-store-name'],
  ['private-key', 'cert-selector'],
  ['private-key', 'system-store-name'],
  ['private-key', 'use-latest-expiring-certificate'],
  ['system-store-name', 'reuse-pin'],
  ['tpm-key-password', 'no-tpm-key-password'],
  ['tpm-key-password', 'pkcs8-password'],
  ['tpm-key-password', 'reuse-pin'],
  ['use-latest-expiring-certificate', 'intermediates'],
  ['use-latest-expiring-certificate', 'reuse-pin'],
]

const keyFlagNames = new Set(keyFlags.map(({ name }) => name))
const isKeyFlag = (name: string): boolean => keyFlagNames.has(name)

const debug = requestFlags.filter(({ name }) => name === 'debug')

/** sign-string asks AWS nothing. */
export const signingFlags: readonly Flag[] = [...keyFlags, ...debug]

export const signingExclusions: readonly Exclusion[] = [
  ...sessionExclusions.filter((pair) => pair.every((name) => isKeyFlag(name))),
  ['no-tpm-key-password', 'reuse-pin'],
]

const readable = ['certificate', 'cert-selector', 'system-store-name', 'pkcs11-lib']

export const readingFlags: readonly Flag[] = [
  ...keyFlags.filter(({ name }) => readable.includes(name)),
  ...debug,
]

export const readingExclusions: readonly Exclusion[] = [
  ['certificate', 'cert-selector'],
  ['certificate', 'system-store-name'],
]
