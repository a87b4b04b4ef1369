import type { RolesAnswer } from '../../contract/answers.ts'
import { parseRoleArn } from '../../entitlements/arn.ts'
import { CliFault } from '../cli-fault.ts'
import { printable } from '../terminal/visible-text.ts'

export type OfferedRole = RolesAnswer['roles'][number]

const mostListed = 20

/** A name that is the name of no role, or of several. */
class RoleUnclear extends CliFault {
  override readonly exitCode = 2
}

/** Whether a name is the ARN of a role, which needs no looking up. */
export function isRoleArn(name: string): boolean {
  return parseRoleArn(name) !== undefined
}

/**
 * The role that is meant by an ARN, by `account/role` with the account's ID or name, by the role's name, or by any part of
 * these that only one role has; an exact name goes before a part. RoleUnclear lists the candidates.
 */
export function findRole(name: string, roles: readonly OfferedRole[]): OfferedRole {
  const wanted = name.toLowerCase()
  if (wanted === '') throw new RoleUnclear('Name a role. `postern roles` lists yours.')
  const rules: readonly ((texts: RoleTexts) => boolean)[] = [
    ({ arn }) => arn === name,
    ({ full }) => full.includes(wanted),
    ({ role }) => role === wanted,
    ({ parts }) => parts.some((part) => part.includes(wanted)),
  ]
  for (const rule of rules) {
    const found = roles.filter((role) => rule(textsOf(role)))
    const [first, ...others] = found
    if (first && others.length === 0) return first
    if (first) throw ambiguous(name, found)
  }
  throw new RoleUnclear(
    `You have no role that ${quoted(name)} could mean. ${roles.length === 0 ? 'You have none at all.' : listing(roles)}`,
  )
}

/** `Production/ReadOnly`, for people. */
export function shortName({ account, name }: OfferedRole): string {
  return `${account.name}/${name}`
}

interface RoleTexts {
  readonly arn: string
  /** Both ways to write `account/role`. */
  readonly full: readonly string[]
  readonly role: string
  readonly parts: readonly string[]
}

function textsOf(role: OfferedRole): RoleTexts {
  const full = [shortName(role), `${role.account.id}/${role.name}`].map((one) => one.toLowerCase())
  return {
    arn: role.arn,
    full,
    role: role.name.toLowerCase(),
    parts: [...full, role.arn.toLowerCase()],
  }
}

function ambiguous(name: string, found: readonly OfferedRole[]): RoleUnclear {
  return new RoleUnclear(`${quoted(name)} could mean ${found.length} roles. ${listing(found)}`)
}

function listing(roles: readonly OfferedRole[]): string {
  const lines = roles
    .slice(0, mostListed)
    .map((role) => `${printable(shortName(role))} (${role.arn})`)
  const more = roles.length > mostListed ? `, and ${roles.length - mostListed} more` : ''
  return `There are: ${lines.join(', ')}${more}.`
}

function quoted(name: string): string {
  return `"${printable(name.slice(0, 200))}"`
}
