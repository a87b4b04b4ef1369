import { readFileSync } from 'node:fs'
import type { Surroundings } from '../surroundings.ts'
import { awsFile } from './aws-file.ts'
import { sectionsOf } from './shared-config.ts'

/** Whether keys of the credentials file hide a profile's credential_process: botocore takes them first. */
export function isMasked(
  profile: string,
  surroundings: Pick<Surroundings, 'env' | 'home' | 'platform'>,
): boolean {
  const path = awsFile('credentials', surroundings)
  try {
    return sectionsOf(readFileSync(path, 'utf8')).get(profile)?.has('aws_access_key_id') ?? false
  } catch {
    return false
  }
}
