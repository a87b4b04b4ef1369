import type { Policy } from './policy.ts'

function allow(...actions: string[]): Policy {
  return {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: actions, Resource: ['*'] }],
  }
}

/**
 * The part of AWS's managed policies that concerns STS. A policy that isn't here grants nothing, for AWS
 * does not document what a session policy's ARN without a policy behind it does.
 */
export const managedPolicies: ReadonlyMap<string, Policy> = new Map([
  ['policy/AdministratorAccess', allow('*')],
  ['policy/PowerUserAccess', allow('sts:*')],
  ['policy/ReadOnlyAccess', allow('sts:GetCallerIdentity')],
])
