import type { Role } from '../../entitlements/catalogue.ts'
import { federationPolicy } from './policies.ts'
import { logicalName } from './setup.ts'
import type { SetupPart } from './setup-part.ts'

/** What the IAM user of federation tokens needs. */
export function federationPart(accountId: string, name: string, roles: readonly Role[]): SetupPart {
  const [role] = roles
  const partition = role?.arn.partition ?? 'aws'
  const tagged = roles.some(({ session }) => Object.keys(session.tags).length > 0)
  const policyName = `Postern-${name}`
  return {
    accountId,
    resources: [
      {
        kind: 'policy',
        name: logicalName(name, 'Policy'),
        policyName,
        document: federationPolicy(partition, accountId, tagged),
      },
    ],
    notes: [
      `Attach the policy ${policyName} to the IAM user of ${name}, which also needs everything that its sessions may do.`,
    ],
  }
}
