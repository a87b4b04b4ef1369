import type { SandboxRequest } from '../http/request.ts'
import { conditionContext, type ConditionContext } from '../iam/condition-context.ts'
import { decideTrust } from '../iam/evaluate.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { TrustAnchorEntry } from '../world/roles-anywhere.ts'
import type { CertificateTags } from './certificate-tags.ts'

/** What IAM Roles Anywhere asks of STS. */
export interface RoleQuestion {
  readonly role: RoleEntry
  readonly anchor: TrustAnchorEntry
  readonly roleSessionName: string
  readonly sourceIdentity: string
  readonly tags: CertificateTags['tags']
  readonly request: SandboxRequest
  readonly now: Date
}

const SERVICE = 'rolesanywhere.amazonaws.com'
const ACTIONS = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

/** Whether the role's trust policy lets the service assume it, tag its session and name its source. */
export function isAuthorized(question: RoleQuestion): boolean {
  const { role } = question
  const context = contextOf(question)
  const principal = { kind: 'service', name: SERVICE } as const
  return ACTIONS.every(
    (action) =>
      decideTrust(role.trust, principal, { action, resource: role.arn, context }) === 'directly',
  )
}

/** IAM Roles Anywhere User Guide, trust policy: SourceArn is the trust anchor, PrincipalTag the certificate. */
function contextOf({ anchor, tags, request, now, ...asked }: RoleQuestion): ConditionContext {
  const values: Record<string, string | readonly string[] | undefined> = {
    'aws:SourceArn': anchor.arn,
    'aws:SourceAccount': anchor.account.id,
    'aws:PrincipalIsAWSService': 'true',
    'aws:PrincipalServiceName': SERVICE,
    'sts:RoleSessionName': asked.roleSessionName,
    'sts:SourceIdentity': asked.sourceIdentity,
    'aws:TagKeys': tags.map(({ key }) => key),
    'aws:SourceIp': request.remoteAddress,
    'aws:RequestedRegion': anchor.region,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'false',
  }
  for (const { key, value } of tags) {
    values[`aws:PrincipalTag/${key}`] = value
    values[`aws:RequestTag/${key}`] = value
  }
  return conditionContext(values, ['aws:PrincipalTag/', 'aws:RequestTag/'])
}
