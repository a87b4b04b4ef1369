import type { Identity } from '../identity/identity.ts'
import { parseRoleArn } from './arn.ts'
import type { Catalogue, Entitlement, Grant, Role } from './catalogue.ts'

/** One reason why somebody may have a role. */
export interface Match {
  readonly role: Role
  readonly grant: Grant
  /** The group that led here; undefined for a grant to the user. */
  readonly group: string | undefined
}

/** Longer group names are not tried against patterns; no directory makes them. */
export const maxPatternGroupLength = 1024

/** What the identity may have: by the order of the accounts, then by role name. Groups are compared exactly. */
export function entitlementsOf(identity: Identity, catalogue: Catalogue): readonly Entitlement[] {
  const found = new Map<string, { role: Role; grants: Set<Grant>; groups: Set<string> }>()
  for (const { role, grant, group } of matchesOf(identity, catalogue)) {
    const entry = found.get(role.arn.arn) ?? { role, grants: new Set(), groups: new Set() }
    found.set(role.arn.arn, entry)
    entry.grants.add(grant)
    if (group !== undefined) entry.groups.add(group)
  }
  const order = new Map([...catalogue.accounts.keys()].map((id, index) => [id, index]))
  const rank = ({ role }: { role: Role }): number => order.get(role.account.id) ?? order.size
  return [...found.values()]
    .sort(
      (a, b) =>
        rank(a) - rank(b) ||
        compare(a.role.arn.name, b.role.arn.name) ||
        compare(a.role.arn.arn, b.role.arn.arn),
    )
    .map(({ role, grants, groups }) => ({ role, grants: [...grants], groups: [...groups] }))
}

/** The entitlement to one role, or undefined; the same whether or not the role exists. */
export function authorize(
  identity: Identity,
  catalogue: Catalogue,
  roleArn: string,
): Entitlement | undefined {
  return entitlementsOf(identity, catalogue).find(({ role }) => role.arn.arn === roleArn)
}

/** Every reason, each with its grant and group; for `entitlementsOf` and for explanations. */
export function* matchesOf(identity: Identity, catalogue: Catalogue): Generator<Match> {
  const groups = new Set(identity.groups)
  for (const grant of catalogue.grants) {
    if (grant.people !== identity.person.people) continue
    switch (grant.grantee.kind) {
      case 'user':
        if (grant.grantee.user === identity.person.id) yield* listed(grant, undefined, catalogue)
        break
      case 'group':
        if (groups.has(grant.grantee.group)) yield* listed(grant, grant.grantee.group, catalogue)
        break
      case 'group-pattern':
        for (const group of groups) {
          const role = roleByPattern(grant, grant.grantee.pattern, group, catalogue)
          if (role) yield { role, grant, group }
        }
        break
      case 'aws-roles':
        if (grant.grantee.method !== identity.method) break
        for (const { roleArn } of identity.awsRoles ?? []) {
          const role = roleByAttribute(grant, grant.grantee.accounts, roleArn, catalogue)
          if (role) yield { role, grant, group: undefined }
        }
    }
  }
}

function* listed(grant: Grant, group: string | undefined, catalogue: Catalogue): Generator<Match> {
  for (const arn of grant.roles) {
    const role = catalogue.roles.get(arn)
    if (role) yield { role, grant, group }
  }
}

const accountValue = /^\d{12}$/
const roleValue = /^[\w+=,.@/-]{1,512}$/

/** The role that a group names. Only accounts that the configuration lists, whatever the group says. */
function roleByPattern(
  grant: Grant,
  pattern: RegExp,
  group: string,
  catalogue: Catalogue,
): Role | undefined {
  if (group.length > maxPatternGroupLength) return undefined
  const values = pattern.exec(group)?.groups
  const template = grant.roles[0]
  if (!values || template === undefined) return undefined
  // What doesn't fit becomes a space, and no ARN holds one.
  const text = template.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = values[name] ?? ''
    return (name === 'account' ? accountValue : roleValue).test(value) ? value : ' '
  })
  const arn = parseRoleArn(text)
  const account = arn && catalogue.accounts.get(arn.accountId)
  if (!arn || !account) return undefined
  const configured = catalogue.roles.get(arn.arn)
  return configured ?? (grant.template && { ...grant.template, arn, account })
}

/**
 * The role that the provider gives, in the accounts that it may give roles of. The issuer is always the grant's own, or
 * else the provider would choose among roles whose issuer was meant for people whom the configuration names.
 */
function roleByAttribute(
  { template }: Grant,
  accounts: ReadonlySet<string>,
  roleArn: string,
  catalogue: Catalogue,
): Role | undefined {
  const arn = parseRoleArn(roleArn)
  const account = arn && catalogue.accounts.get(arn.accountId)
  if (!template || !arn || !account || !accounts.has(account.id)) return undefined
  const configured = catalogue.roles.get(arn.arn)
  return { ...(configured ?? template), issuer: template.issuer, arn, account }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
