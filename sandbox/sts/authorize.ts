import type { ConditionContext } from '../iam/condition-context.ts'
import { decideIdentity, decideTrust } from '../iam/evaluate.ts'
import type { RoleEntry } from '../world/directory.ts'
import type { Caller } from './caller.ts'

/**
 * Whether a caller may do `action` to a role. Across accounts both the trust policy and the caller's own
 * policies must allow it; within one, a trust policy that names the caller (and not just its account)
 * suffices (AWS IAM User Guide, reference_policies_evaluation-logic). A session's own policy always has to
 * allow it too, which is stricter than AWS where the trust policy names that very session.
 */
export function isAuthorized(
  caller: Caller,
  action: string,
  role: RoleEntry,
  context: ConditionContext,
): boolean {
  const question = { action, resource: role.arn, context }
  const trust = decideTrust(role.trust, caller.principal, question)
  if (trust === 'deny' || trust === 'no') return false
  const identity = decideIdentity(caller.policies, question)
  if (identity === 'deny') return false
  if (caller.sessionPolicies !== undefined) {
    if (decideIdentity(caller.sessionPolicies, question) !== 'allow') return false
  }
  const sameAccount = caller.account === role.account.id
  return identity === 'allow' || (sameAccount && trust === 'directly')
}
