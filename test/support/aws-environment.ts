import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

/** Everything by which the AWS SDK could find something of the machine that the test runs on. */
const known = [
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_PROFILE',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_STS',
  'AWS_USE_FIPS_ENDPOINT',
  'AWS_USE_DUALSTACK_ENDPOINT',
  'AWS_CONFIG_FILE',
  'AWS_SHARED_CREDENTIALS_FILE',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_EC2_METADATA_SERVICE_ENDPOINT',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_WEB_IDENTITY_TOKEN_FILE',
] as const

type Known = (typeof known)[number]

/**
 * Until the test is over, the AWS SDK finds what is given here and nothing else. `files` are the credentials and config
 * file of a home of their own.
 */
export function awsEnvironment(
  variables: Partial<Record<Known, string>>,
  files: { readonly credentials?: string; readonly config?: string } = {},
): void {
  const folder = mkdtempSync(join(tmpdir(), 'postern-aws-'))
  writeFileSync(join(folder, 'credentials'), files.credentials ?? '')
  writeFileSync(join(folder, 'config'), files.config ?? '')
  const before = new Map(known.map((name) => [name, process.env[name]]))
  const wanted: Partial<Record<Known, string>> = {
    AWS_EC2_METADATA_DISABLED: 'true',
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
    ...variables,
  }
  for (const name of known) set(name, wanted[name])
  onTestFinished(() => {
    for (const [name, value] of before) set(name, value)
    rmSync(folder, { recursive: true })
  })
}

function set(name: Known, value: string | undefined): void {
  if (value === undefined) Reflect.deleteProperty(process.env, name)
  else process.env[name] = value
}
