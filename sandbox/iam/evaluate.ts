import { conditionHolds, type Verdict } from './condition.ts'
import type { ConditionContext } from './condition-context.ts'
import type { Policy, Statement } from './policy.ts'
import { substitute } from './policy-variables.ts'
import { coverage, type Coverage, type Principal } from './principal.ts'
import { wildcardMatches } from './wildcard.ts'

/** One question to a policy. */
export interface AccessQuestion {
  readonly action: string
  readonly resource: string
  readonly context: ConditionContext
}

export type IdentityDecision = 'allow' | 'deny' | 'silent'

/** What a role's trust policy says about a principal. An explicit Deny wins over every Allow. */
export function decideTrust(
  policy: Policy,
  principal: Principal,
  question: AccessQuestion,
): Coverage | 'deny' {
  let best: Coverage = 'no'
  for (const statement of policy.Statement) {
    if (!actionApplies(statement, question.action)) continue
    const holds = statementHolds(statement, question)
    if (statement.Effect === 'Deny') {
      if (deniesPrincipal(statement, principal) && holds !== false) return 'deny'
    } else if (holds === true && statement.Principal !== undefined) {
      const covered = coverage(statement.Principal, principal)
      if (covered === 'directly' || best === 'no') best = covered
    }
  }
  return best
}

function deniesPrincipal(statement: Statement, principal: Principal): boolean {
  if (statement.NotPrincipal !== undefined)
    return coverage(statement.NotPrincipal, principal) === 'no'
  return statement.Principal !== undefined && coverage(statement.Principal, principal) !== 'no'
}

/** What identity or session policies say. Silence is not permission. */
export function decideIdentity(
  policies: readonly Policy[],
  question: AccessQuestion,
): IdentityDecision {
  let decision: IdentityDecision = 'silent'
  for (const statement of policies.flatMap((policy) => policy.Statement)) {
    if (!actionApplies(statement, question.action)) continue
    const onResource = resourceApplies(statement, question)
    const holds = statementHolds(statement, question)
    if (statement.Effect === 'Deny') {
      if (onResource !== false && holds !== false) return 'deny'
    } else if (onResource === true && holds === true) decision = 'allow'
  }
  return decision
}

function statementHolds(statement: Statement, question: AccessQuestion): Verdict {
  return conditionHolds(statement.Condition ?? {}, question.context)
}

function actionApplies(statement: Statement, action: string): boolean {
  const named = statement.Action ?? statement.NotAction ?? []
  const matches = named.some((name) => wildcardMatches(name.toLowerCase(), action.toLowerCase()))
  return statement.Action === undefined ? !matches : matches
}

function resourceApplies(statement: Statement, question: AccessQuestion): Verdict {
  const named = statement.Resource ?? statement.NotResource ?? []
  const patterns = named.map((name) => substitute(name, question.context))
  if (patterns.includes(undefined)) return 'unknown'
  const matches = patterns.some((name) => wildcardMatches(name ?? '', question.resource))
  return statement.Resource === undefined ? !matches : matches
}
