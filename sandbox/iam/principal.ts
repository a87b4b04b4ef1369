import { parseArn } from './arn.ts'
import type { PrincipalElement } from './policy.ts'

/** Who asks, in the forms that a trust policy can name. */
export type Principal =
  | {
      readonly kind: 'aws'
      readonly account: string
      /** The caller's own ARN: of a user, of a root user or of an assumed role's session. */
      readonly arn: string
      /** Every other ARN that stands for the caller: the IAM role behind a session. */
      readonly alsoKnownAs: readonly string[]
    }
  | { readonly kind: 'service'; readonly name: string }
  | { readonly kind: 'federated'; readonly provider: string }

/**
 * How a Principal element covers somebody. `directly` names the caller, or everybody; `account` only names
 * its account, which leaves the decision to the identity policies there.
 */
export type Coverage = 'directly' | 'account' | 'no'

/** AWS IAM User Guide, reference_policies_elements_principal. No wildcard but a lone `*`. */
export function coverage(element: PrincipalElement, principal: Principal): Coverage {
  switch (principal.kind) {
    case 'service':
      return element.Service?.includes(principal.name) === true ? 'directly' : 'no'
    case 'federated':
      return element.Federated?.includes(principal.provider) === true ? 'directly' : 'no'
    case 'aws':
      return awsCoverage(element.AWS ?? [], principal.account, [
        principal.arn,
        ...principal.alsoKnownAs,
      ])
  }
}

function awsCoverage(named: readonly string[], account: string, arns: readonly string[]): Coverage {
  if (named.some((name) => name === '*' || arns.includes(name))) return 'directly'
  return named.some((name) => name === account || isRootOf(name, account)) ? 'account' : 'no'
}

function isRootOf(name: string, account: string): boolean {
  const arn = parseArn(name)
  return arn?.service === 'iam' && arn.account === account && arn.resource === 'root'
}
