import type { AssumeRoleCommandInput } from '@aws-sdk/client-sts'
import type { IssueOrder } from './issuer.ts'

/** The order in the words of STS (AssumeRole). What is not set is left out; without seconds, AWS gives 1 hour. */
export function assumeRoleInput(
  order: IssueOrder,
  durationSeconds: number | undefined,
): AssumeRoleCommandInput {
  const tags = Object.entries(order.tags).map(([Key, Value]) => ({ Key, Value }))
  return {
    RoleArn: order.role.arn,
    RoleSessionName: order.roleSessionName,
    ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
    ...(order.sourceIdentity !== undefined && { SourceIdentity: order.sourceIdentity }),
    ...(tags.length > 0 && { Tags: tags }),
    ...(order.transitiveTagKeys.length > 0 && { TransitiveTagKeys: [...order.transitiveTagKeys] }),
    ...(order.policy !== undefined && { Policy: order.policy }),
    ...(order.policyArns.length > 0 && { PolicyArns: order.policyArns.map((arn) => ({ arn })) }),
    ...(order.externalId !== undefined && { ExternalId: order.externalId }),
  }
}
