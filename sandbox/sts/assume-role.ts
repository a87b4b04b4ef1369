import { parseRoleArn } from '../iam/arn.ts'
import type { SessionOrigin } from '../sessions/session.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { SignedStsCall, StsAction } from './action.ts'
import { assumeRoleContext } from './assume-role-context.ts'
import { readAssumeRole, type AssumeRoleRequest } from './assume-role-request.ts'
import { isAuthorized } from './authorize.ts'
import type { Caller } from './caller.ts'
import { credentialsXml, tokenSizeXml } from './credentials-xml.ts'
import { issueRoleSession } from './issue-role-session.ts'
import { packedPolicySize } from './packed-policy.ts'
import { checkRegion } from './region.ts'
import { checkSessionPolicy } from './session-policy.ts'
import { sessionTags } from './session-tags.ts'
import { accessDenied, notAuthorized, validationError } from './sts-error.ts'
import type { XmlFields } from './xml.ts'

const CHAINED_LIMIT = 3600

/** AssumeRole, for users and for sessions of other roles. */
export const assumeRole: StsAction = { name: 'AssumeRole', signed: true, run }

function run(call: SignedStsCall): XmlFields {
  const { caller } = call
  const asked = readAssumeRole(call.values)
  if (caller.isRoot) throw accessDenied('Roles may not be assumed by root accounts.')
  if (caller.session?.origin === 'federation-token') {
    // Such a session can call no STS operation but GetCallerIdentity, whatever its policy says.
    throw notAuthorized(caller.arn, 'sts:AssumeRole', asked.roleArn)
  }
  if (parseRoleArn(asked.roleArn) === undefined)
    throw validationError(`${asked.roleArn} is invalid`)
  checkSessionPolicy(asked.policy)
  const tags = sessionTags(asked.tags, caller.session)
  const sourceIdentity = inheritedSourceIdentity(asked, caller)
  const role = authorizedRole(call, asked, { tagged: tags.length > 0, sourceIdentity })
  checkRegion(role, call.region)
  const origin: SessionOrigin = isChained(caller) ? 'role-chaining' : originOf(caller)
  const durationSeconds = checkedDuration(asked, role, origin)
  const packed = packedPolicySize(asked.policy, tags, call.switches.packedPolicyLimit)
  const session = issueRoleSession(call, {
    api: 'AssumeRole',
    requestId: call.request.requestId,
    origin,
    role,
    roleSessionName: asked.roleSessionName,
    durationSeconds,
    sourceIdentity,
    tags,
    policy: asked.policy,
    minimumTokenSize: asked.minimumTokenSize,
  })
  return [
    ['SourceIdentity', sourceIdentity],
    [
      'AssumedRoleUser',
      [
        ['Arn', session.arn],
        ['AssumedRoleId', session.assumedRoleId],
      ],
    ],
    ['Credentials', credentialsXml(session.credentials)],
    ['PackedPolicySize', packed],
    ...tokenSizeXml(session.credentials),
  ]
}

/** A role that calls AssumeRole is chaining, unless it is that of an EC2 instance. */
function isChained({ session }: Caller): boolean {
  return session !== undefined && !['session-token', 'instance-profile'].includes(session.origin)
}

function originOf({ session }: Caller): SessionOrigin {
  return session?.origin === 'instance-profile' ? 'instance-profile' : 'iam-user'
}

/** A source identity goes with the session through every further role, and stays what it is. */
function inheritedSourceIdentity(
  asked: AssumeRoleRequest,
  { session }: Caller,
): string | undefined {
  const set = session?.sourceIdentity
  if (set !== undefined && asked.sourceIdentity !== undefined && asked.sourceIdentity !== set) {
    throw validationError('The source identity is already set for this assume role session')
  }
  return set ?? asked.sourceIdentity
}

/** The role, once the caller may assume it, and tag and name its session where the request does. */
function authorizedRole(
  call: SignedStsCall,
  asked: AssumeRoleRequest,
  session: { tagged: boolean; sourceIdentity: string | undefined },
): RoleEntry {
  const { caller } = call
  const role = call.directory.role(asked.roleArn)
  if (role === undefined) throw notAuthorized(caller.arn, 'sts:AssumeRole', asked.roleArn)
  const actions = ['sts:AssumeRole']
  if (session.tagged) actions.push('sts:TagSession')
  if (session.sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity')
  const context = assumeRoleContext(call, asked, session.sourceIdentity, role)
  for (const action of actions) {
    if (!isAuthorized(caller, action, role, context)) {
      throw notAuthorized(caller.arn, action, asked.roleArn)
    }
  }
  if (asked.withMfa) {
    // No MFA device exists here. AWS does not document its words.
    throw accessDenied('MultiFactorAuthentication failed, unable to validate MFA code.')
  }
  return role
}

/** AWS does not document which limit it names first, nor whether before or after the trust policy. */
function checkedDuration(asked: AssumeRoleRequest, role: RoleEntry, origin: SessionOrigin): number {
  const seconds = asked.durationSeconds ?? 3600
  if (origin === 'role-chaining' && seconds > CHAINED_LIMIT) {
    throw validationError(
      'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    )
  }
  if (seconds > role.maxSessionDuration) {
    throw validationError(
      'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    )
  }
  return seconds
}
