import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Surroundings } from '../surroundings.ts'
import { sectionsOf } from './shared-config.ts'

/** Whether keys of the credentials file hide a profile's credential_process: botocore takes them first. */
export function isMasked(
  profile: string,
  { env, home }: Pick<Surroundings, 'env' | 'home'>,
): boolean {
  const path = env['AWS_SHARED_CREDENTIALS_FILE'] ?? join(home, '.aws', 'credentials')
  try {
    return sectionsOf(readFileSync(path, 'utf8')).get(profile)?.has('aws_access_key_id') ?? false
  } catch {
    return false
  }
}
