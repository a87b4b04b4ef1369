import { conditionContext, type ConditionContext } from '../iam/condition-context.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { SignedStsCall } from './action.ts'
import type { AssumeRoleRequest } from './assume-role-request.ts'

type Values = Record<string, string | readonly string[] | undefined>

/** The condition keys that AWS fills in for AssumeRole (IAM User Guide, reference_policies_iam-condition-keys). */
export function assumeRoleContext(
  call: SignedStsCall,
  asked: AssumeRoleRequest,
  sourceIdentity: string | undefined,
  role: RoleEntry,
): ConditionContext {
  const { caller, request } = call
  const now = call.now()
  const values: Values = {
    'sts:ExternalId': asked.externalId,
    'sts:RoleSessionName': asked.roleSessionName,
    'sts:SourceIdentity': sourceIdentity,
    'sts:TransitiveTagKeys': asked.tags.transitiveKeys,
    'aws:TagKeys': asked.tags.tags.map(({ key }) => key),
    'aws:SourceIdentity': caller.session?.sourceIdentity,
    'aws:PrincipalArn': caller.principal.alsoKnownAs[0] ?? caller.arn,
    'aws:PrincipalAccount': caller.account,
    'aws:PrincipalType': caller.userName === undefined ? 'AssumedRole' : 'User',
    'aws:userid': caller.userId,
    'aws:username': caller.userName,
    'aws:SourceIp': request.remoteAddress,
    'aws:RequestedRegion': call.region,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'false',
    // No MFA here. Long-term keys don't carry the key at all, sessions say false.
    'aws:MultiFactorAuthPresent': caller.session === undefined ? undefined : 'false',
    'aws:MultiFactorAuthAge': undefined,
  }
  for (const { key, value } of asked.tags.tags) values[`aws:RequestTag/${key}`] = value
  for (const { key, value } of caller.session?.tags ?? []) values[`aws:PrincipalTag/${key}`] = value
  for (const [key, value] of Object.entries(role.tags)) {
    values[`aws:ResourceTag/${key}`] = value
    values[`iam:ResourceTag/${key}`] = value
  }
  return conditionContext(values, [
    'aws:RequestTag/',
    'aws:PrincipalTag/',
    'aws:ResourceTag/',
    'iam:ResourceTag/',
  ])
}
