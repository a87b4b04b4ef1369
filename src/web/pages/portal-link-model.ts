import type { RoleOffer } from '../../role-session.ts'
import { accountBand, awsSees, chooseHref } from './account-text.ts'
import type { AccountBand, RoleWords } from './account-text.ts'
import type { Moment } from './time-text.ts'
import { durationText, momentOf, sentence } from './time-text.ts'

/** The portal link's question. */
export interface PortalLinkPage {
  readonly account: AccountBand
  readonly role: RoleWords
  readonly awsSees: string
  readonly destination: string
  /** The destination in three parts, so that the host stands out. */
  readonly destinationParts: {
    readonly before: string
    readonly host: string
    readonly after: string
  }
  readonly destinationIsOwn: boolean
  readonly consoleText: string
  readonly ends: Moment
  readonly why: string
  readonly chooseHref: string
}

/**
 * The question before a portal link opens a console. `destination` is the checked one; `own` says that it is the
 * role's own start page, so that the link chose nothing but the role.
 */
export function portalLinkModel(
  offer: RoleOffer,
  { destination, own }: { destination: string; own: boolean },
  now: Date,
): PortalLinkPage {
  const { role } = offer.entitlement
  const { seconds, why } = offer.plan.console
  return {
    account: accountBand(role.account),
    role: { arn: role.arn.arn, name: role.arn.name },
    awsSees: awsSees(role.arn.name, offer.roleSessionName),
    destination,
    destinationParts: partsOf(destination),
    destinationIsOwn: own,
    consoleText: durationText(seconds),
    ends: momentOf(new Date(now.getTime() + seconds * 1000), now),
    why: sentence(why),
    chooseHref: chooseHref(role.account.id, role.arn.name),
  }
}

/** Taken apart by the URL parser, so that the host that stands out is the one that a browser would go to. */
function partsOf(destination: string): PortalLinkPage['destinationParts'] {
  const url = URL.parse(destination)
  if (!url) return { before: '', host: '', after: destination }
  return {
    before: `${url.protocol}//`,
    host: url.host,
    after: `${url.pathname}${url.search}${url.hash}`,
  }
}
