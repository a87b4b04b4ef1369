import type { IssueOrder } from './issuer.ts'

/** What only some ways to get credentials can tell AWS. */
export type Parameter =
  'policy' | 'policyArns' | 'tags' | 'transitiveTagKeys' | 'sourceIdentity' | 'externalId'

/**
 * Throws where an order holds what this way to get credentials can't tell AWS: a session policy that is left out would
 * give more than was decided. The configuration is checked for it, so that this is a defect.
 */
export function checkSendable(order: IssueOrder, able: readonly Parameter[]): void {
  const set: Readonly<Record<Parameter, boolean>> = {
    policy: order.policy !== undefined,
    policyArns: order.policyArns.length > 0,
    tags: Object.keys(order.tags).length > 0,
    transitiveTagKeys: order.transitiveTagKeys.length > 0,
    sourceIdentity: order.sourceIdentity !== undefined,
    externalId: order.externalId !== undefined,
  }
  const lost = Object.entries(set).filter(([key, isSet]) => isSet && !able.some((a) => a === key))
  if (lost.length > 0)
    throw new TypeError(`the issuer can't send ${lost.map(([key]) => key).join(', ')}`)
}
