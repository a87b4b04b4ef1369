import { randomBytes, randomUUID } from 'node:crypto'
import type { TemporaryCredentials } from '../sessions/session.ts'
import type { Environment } from './action.ts'
import { issueRoleSession } from './issue-role-session.ts'

const SIX_HOURS = 6 * 3600

/**
 * What the metadata service of an EC2 instance would hand out for a role. The session is named after the
 * instance; further AssumeRole calls with it don't count as role chaining.
 */
export function instanceProfileCredentials(
  environment: Environment,
  roleArn: string,
): TemporaryCredentials {
  const role = environment.directory.role(roleArn)
  if (role === undefined) throw new Error(`there is no role ${roleArn}`)
  return issueRoleSession(environment, {
    api: 'InstanceProfile',
    requestId: randomUUID(),
    origin: 'instance-profile',
    role,
    roleSessionName: `i-${randomBytes(8).toString('hex')}0`,
    durationSeconds: SIX_HOURS,
    sourceIdentity: undefined,
    tags: [],
    policy: { inline: undefined, arns: [] },
  }).credentials
}
