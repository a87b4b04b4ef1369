import type { RolesAnywhereConfig } from '../../config/issuer-config.ts'
import type { Role } from '../../entitlements/catalogue.ts'
import { rolesAnywhereTrust } from './policies.ts'
import { roleResource } from './role-resource.ts'
import { logicalName, type Reference, type SetupResource } from './setup.ts'
import type { IssuerMaterial, SetupPart } from './setup-part.ts'
import { anchorPart } from './trust-anchor-part.ts'

/** Trust anchor, profile and roles of IAM Roles Anywhere. */
export function rolesAnywherePart(
  name: string,
  issuer: RolesAnywhereConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
): SetupPart {
  const [, , , , accountId = ''] = issuer.trustAnchorArn.split(':')
  const { anchor, part } = anchorPart(accountId, name, material)
  const made = roles.map((role) => roleResource(role, rolesAnywhereTrust(anchor, material.tag)))
  const profile: SetupResource = {
    kind: 'profile',
    name: logicalName(name, 'Profile'),
    profileName: `postern-${name}`,
    roles: made.map((role): Reference => ({ to: 'role', name: role.name })),
    durationSeconds: Math.max(3600, ...roles.map(({ durations }) => durations.credentials.max)),
    acceptRoleSessionName: issuer.sendSessionName,
    sessionPolicy: issuer.sessionPolicy,
    managedPolicyArns: issuer.managedPolicyArns,
  }
  return { ...part, resources: [...part.resources, ...made, profile] }
}
