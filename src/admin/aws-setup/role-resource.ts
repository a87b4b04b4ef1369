import type { Role } from '../../entitlements/catalogue.ts'
import { logicalName, type SetupRole, type ValueObject } from './setup.ts'

/** A role of people's. Its permissions are the administrator's to attach; here is who may take it, and for how long. */
export function roleResource(role: Role, trust: ValueObject): SetupRole {
  const { name, path } = role.arn
  const longest = Math.max(3600, role.durations.credentials.max)
  return {
    kind: 'role',
    name: logicalName('Role', ...path.split('/'), name),
    path,
    roleName: name,
    maxSessionDuration: longest,
    trust,
  }
}
