import { join } from 'node:path'
import { filled } from '../settings/filled.ts'
import type { Surroundings } from '../surroundings.ts'

const files = {
  config: 'AWS_CONFIG_FILE',
  credentials: 'AWS_SHARED_CREDENTIALS_FILE',
} as const

/**
 * Path of `~/.aws/config` or `~/.aws/credentials`, or what the environment names instead, where a leading `~/` is the
 * home (AWS SDKs and Tools Reference Guide, "Location of the shared config and credentials files"). An empty variable
 * counts as none.
 */
export function awsFile(
  name: keyof typeof files,
  { env, home, platform }: Pick<Surroundings, 'env' | 'home' | 'platform'>,
): string {
  const named = env[files[name]]
  if (!named) return join(home, '.aws', name)
  const isInHome = named.startsWith('~/') || (platform === 'win32' && named.startsWith('~\\'))
  return isInHome ? home + named.slice(1) : named
}

/** The profile in use; undefined where none is named. An empty variable counts as none. */
export function namedProfile({ env }: Pick<Surroundings, 'env'>): string | undefined {
  return filled(env['AWS_PROFILE'])
}
