import type { AssumeRoleConfig } from '../../config/issuer-config.ts'
import type { Role } from '../../entitlements/catalogue.ts'
import { assumeRoleTrust, hubPolicy, rolesAnywhereTrust } from './policies.ts'
import { roleResource } from './role-resource.ts'
import {
  logicalName,
  type SetupResource,
  type SetupRole,
  type Value,
  type ValueObject,
} from './setup.ts'
import type { IssuerMaterial, SetupPart } from './setup-part.ts'
import { anchorPart } from './trust-anchor-part.ts'

/** Roles that the base assumes, and what lets the base do it. */
export function assumeRoleParts(
  name: string,
  { source }: AssumeRoleConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
): readonly SetupPart[] {
  const parameter = {
    name: logicalName(name, 'PrincipalArn'),
    description: `ARN of the role or user that Postern runs as, for the issuer ${name}.`,
  }
  const own = source.type === 'roles-anywhere' ? source : undefined
  const principal: Value = own ? own.roleArn : { to: 'parameter', name: parameter.name }
  const trusting = [...Map.groupBy(roles, ({ account }) => account.id)].map(
    ([accountId, group]): SetupPart => ({
      accountId,
      parameters: own ? [] : [parameter],
      resources: group.map((role) =>
        roleResource(role, assumeRoleTrust(role, principal, own !== undefined)),
      ),
    }),
  )
  if (own) return [...trusting, hubPart(name, own, hubPolicy(roles, true), material)]
  const [first] = trusting
  if (!first) return []
  const document = hubPolicy(roles, false)
  const policyName = `Postern-${name}`
  const resources: readonly SetupResource[] = [
    { kind: 'policy', name: logicalName(name, 'Policy'), policyName, document },
  ]
  const notes = [
    `Attach the policy ${policyName} to the principal that Postern runs as; if that is in another account, create it there.`,
  ]
  return [...trusting, { accountId: first.accountId, resources, notes }]
}

/** The role that Postern itself takes with its certificate, with anchor and profile. */
function hubPart(
  name: string,
  place: { readonly trustAnchorArn: string; readonly roleArn: string },
  policy: ValueObject,
  material: IssuerMaterial,
): SetupPart {
  const [, , , , accountId = ''] = place.trustAnchorArn.split(':')
  const [, path = '', roleName = ''] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(place.roleArn) ?? []
  const { anchor, part } = anchorPart(accountId, name, material)
  const role: SetupRole = {
    kind: 'role',
    name: logicalName('Role', roleName),
    path,
    roleName,
    maxSessionDuration: 3600,
    trust: rolesAnywhereTrust(anchor, material.tag),
    policy,
  }
  const profile: SetupResource = {
    kind: 'profile',
    name: logicalName(name, 'Profile'),
    profileName: `postern-${name}`,
    roles: [{ to: 'role', name: role.name }],
    durationSeconds: 3600,
    acceptRoleSessionName: false,
  }
  return { ...part, resources: [...part.resources, role, profile] }
}
