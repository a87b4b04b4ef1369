import type { Broker, Offer, RequestContext, RoleOffer } from '../broker.ts'
import type { Identity } from '../identity/identity.ts'

/**
 * The role that an account number and a role name (unique in its account, whatever its path) or ARN mean for this person.
 * Rejects with AccessDenied, the same for a role that isn't there as for one that wasn't granted.
 */
export async function findOffer(
  broker: Broker,
  identity: Identity,
  { account, role }: { readonly account: string; readonly role: string },
  context: RequestContext,
): Promise<RoleOffer> {
  return broker.offer(identity, await meantRole(broker, identity, { account, role }), context)
}

/** The ARN that is meant among a person's own roles; one that nobody was granted where none is. */
export async function meantRole(
  broker: Broker,
  identity: Identity,
  { account, role }: { readonly account: string; readonly role: string },
): Promise<string> {
  const means = ({ entitlement }: Offer) => {
    const { arn } = entitlement.role
    return arn.accountId === account && (arn.name === role || arn.arn === role)
  }
  const found = (await broker.offers(identity)).find(means)
  return found?.entitlement.role.arn.arn ?? `${account}/${role}`
}
