import type { SessionOrigin, SessionTag, TemporaryCredentials } from '../sessions/session.ts'
import { mintCredentials } from '../sessions/session.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { Environment } from './action.ts'
import type { SessionPolicy } from './session-policy.ts'
import { wholeSecond } from './xml.ts'

/** A role session that has been decided; every API that ends in one comes through here. */
export interface RoleSessionGrant {
  readonly api: string
  readonly requestId: string
  readonly origin: SessionOrigin
  readonly role: RoleEntry
  readonly roleSessionName: string
  readonly durationSeconds: number
  readonly sourceIdentity: string | undefined
  readonly tags: readonly SessionTag[]
  readonly policy: SessionPolicy
  /** Bytes that the session token shall have at least. */
  readonly minimumTokenSize?: number | undefined
}

export interface RoleSession {
  readonly arn: string
  readonly assumedRoleId: string
  readonly credentials: TemporaryCredentials
}

/** Makes the credentials and records them before they can leave. The path of the role is not part of the session's ARN. */
export function issueRoleSession(environment: Environment, grant: RoleSessionGrant): RoleSession {
  const { role, roleSessionName, sourceIdentity, policy } = grant
  const account = role.account.id
  const { partition } = environment.directory
  const arn = `arn:${partition}:sts::${account}:assumed-role/${role.name}/${roleSessionName}`
  const assumedRoleId = `${role.roleId}:${roleSessionName}`
  const issuedAt = wholeSecond(environment.now())
  const about = {
    origin: grant.origin,
    account,
    arn,
    userId: assumedRoleId,
    of: role.arn,
    issuedAt,
    expiresAt: issuedAt + grant.durationSeconds * 1000,
    sourceIdentity,
    tags: [...grant.tags],
    policy: policy.inline,
    policyArns: [...policy.arns],
  }
  const credentials = mintCredentials(environment.seal, about, grant.minimumTokenSize)
  environment.issued.add({
    time: environment.now().toISOString(),
    api: grant.api,
    accessKeyId: credentials.accessKeyId,
    roleArn: role.arn,
    assumedRoleArn: arn,
    roleSessionName,
    sourceIdentity,
    durationSeconds: grant.durationSeconds,
    requestId: grant.requestId,
  })
  return { arn, assumedRoleId, credentials }
}
