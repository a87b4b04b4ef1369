import type { SandboxRequest } from '../../http/request.ts'
import { decideTrust } from '../../iam/evaluate.ts'
import type { RoleEntry } from '../../world/directory.ts'
import type { SamlProviderEntry } from '../../world/saml-providers.ts'
import type { Environment } from '../action.ts'
import type { AcceptedAssertion } from './accept-assertion.ts'
import { awsAttribute, type AwsAttributes } from './aws-attributes.ts'
import { notAuthorizedWithSaml } from './refusals.ts'
import { rolePairs } from './role-pairs.ts'
import { samlContext } from './saml-context.ts'

/** What one assertion asks for through one provider. */
export interface SamlRequest {
  readonly roleArn: string
  readonly provider: SamlProviderEntry
  readonly assertion: AcceptedAssertion
  readonly asked: AwsAttributes
  readonly request: SandboxRequest
}

/**
 * The role, when the assertion names it together with the provider and the trust policy lets the provider in: to tag and
 * name its session, too, where the assertion does. Throws AccessDenied, which doesn't tell reasons apart.
 */
export function authorizeSaml(
  { directory, now }: Pick<Environment, 'directory' | 'now'>,
  { roleArn, provider, assertion, asked, request }: SamlRequest,
): RoleEntry {
  const role = directory.role(roleArn)
  const named = rolePairs(awsAttribute(assertion, 'Role')).some(
    (pair) => pair.roleArn === roleArn && pair.providerArn === provider.arn,
  )
  // A provider is of use in its own account alone; AWS keeps these roles for IAM Identity Center.
  const eligible =
    role?.account.id === provider.account.id && !role.name.startsWith('AWSReservedSSO_')
  if (role === undefined || !named || !eligible) throw notAuthorizedWithSaml()
  const actions = ['sts:AssumeRoleWithSAML']
  if (asked.tags.length > 0) actions.push('sts:TagSession')
  if (asked.sourceIdentity !== undefined) actions.push('sts:SetSourceIdentity')
  const context = samlContext(provider, assertion, asked, request, now())
  const principal = { kind: 'federated', provider: provider.arn } as const
  for (const action of actions) {
    const question = { action, resource: role.arn, context }
    if (decideTrust(role.trust, principal, question) !== 'directly') throw notAuthorizedWithSaml()
  }
  return role
}
