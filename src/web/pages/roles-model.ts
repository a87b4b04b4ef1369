import type { Offer } from '../../role-session.ts'
import type { StoredRoleSession } from '../role-sessions/role-session-store.ts'
import { accountBand, chooseHref, plainText, roleSessionHref } from './account-text.ts'
import type { AccountBand } from './account-text.ts'
import type { Moment } from './time-text.ts'
import { agoText, countText, durationText, momentOf } from './time-text.ts'

interface RoleLine {
  readonly arn: string
  readonly name: string
  readonly path: string
  readonly description: string | undefined
  /** `1 h`. */
  readonly credentialsText: string
  readonly consoleText: string
  readonly credentialsSeconds: number
  readonly consoleSeconds: number
  /** Link to choosing durations. */
  readonly chooseHref: string
  readonly live: { readonly href: string; readonly until: Moment } | undefined
  readonly lastUsedText: string | undefined
  readonly selected: boolean
}

/** A role outside its account's group: on the shelf of recents, or asked for by the address. */
interface PlacedRoleLine {
  readonly account: AccountBand
  readonly role: RoleLine
}

export interface RolesPage {
  readonly total: number
  /** `3 roles in 2 accounts`. */
  readonly totalText: string
  readonly accounts: readonly (AccountBand & { readonly roles: readonly RoleLine[] })[]
  /** The role that the address names, shown above all others. */
  readonly selected: PlacedRoleLine | undefined
  /** Used last; empty where the list is short enough without. */
  readonly recents: readonly PlacedRoleLine[]
  /** Whether there is enough to filter. */
  readonly findable: boolean
}

type Recent = Pick<StoredRoleSession, 'id' | 'role' | 'issuedAt' | 'expiresAt'>
type Account = RolesPage['accounts'][number]

/** What the address `/?account=&role=` names. */
export interface Selection {
  readonly account: string
  readonly role: string
}

/** From this many roles on there is a shelf of recents, and a box to find one. */
const many = 8
const shelfLength = 5

/** All roles by account, in the order of the configuration. `recents` are latest first. */
export function rolesModel(
  offers: readonly Offer[],
  recents: readonly Recent[],
  now: Date,
  selection?: Selection,
): RolesPage {
  const lastOf = new Map<string, Recent>()
  for (const recent of recents) if (!lastOf.has(recent.role)) lastOf.set(recent.role, recent)

  const placed = new Map<string, PlacedRoleLine>()
  const accounts = new Map<string, Account & { roles: RoleLine[] }>()
  for (const offer of offers) {
    const { account, arn } = offer.entitlement.role
    const selected = account.id === selection?.account && arn.name === selection.role
    const role = roleLine(offer, lastOf.get(arn.arn), now, selected)
    const band = accountBand(account)
    placed.set(role.arn, { account: band, role })
    const group = accounts.get(account.id) ?? { ...band, roles: [] }
    accounts.set(account.id, group)
    group.roles.push(role)
  }

  const all = [...placed.values()]
  const findable = placed.size >= many
  const shelf = findable ? [...lastOf.keys()] : []
  return {
    total: placed.size,
    totalText: `${countText(placed.size, 'role')} in ${countText(accounts.size, 'account')}`,
    accounts: [...accounts.values()],
    selected: all.find(({ role }) => role.selected),
    recents: shelf
      .flatMap((arn) => placed.get(arn) ?? [])
      .filter(({ role }) => !role.selected)
      .slice(0, shelfLength),
    findable,
  }
}

function roleLine(
  { entitlement, plan }: Offer,
  last: Recent | undefined,
  now: Date,
  selected: boolean,
): RoleLine {
  const { role } = entitlement
  const live = last !== undefined && last.expiresAt > now.getTime()
  return {
    arn: role.arn.arn,
    name: role.arn.name,
    path: role.arn.path,
    description: role.description && plainText(role.description),
    credentialsText: durationText(plan.credentials.seconds),
    consoleText: durationText(plan.console.seconds),
    credentialsSeconds: plan.credentials.seconds,
    consoleSeconds: plan.console.seconds,
    chooseHref: chooseHref(role.account.id, role.arn.name),
    live: live
      ? { href: roleSessionHref(last.id), until: momentOf(new Date(last.expiresAt), now) }
      : undefined,
    lastUsedText: last && agoText(new Date(last.issuedAt), now),
    selected,
  }
}
