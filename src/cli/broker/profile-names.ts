import type { OfferedRole } from './find-role.ts'

const longest = 64

/**
 * A profile name for each role, `account-role`: letters, digits, dots, dashes and underscores only, so that it is one word
 * in any file and shell. Where two would be alike, the account's ID takes the place of its name.
 */
export function profileNames(roles: readonly OfferedRole[]): ReadonlyMap<string, string> {
  const named = roles.map((role) => [role.arn, join(role.account.name, role.name)] as const)
  const times = new Map<string, number>()
  for (const [, name] of named) {
    const key = name.toLowerCase()
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  const byId = new Map(roles.map((role) => [role.arn, join(role.account.id, role.name)]))
  return new Map(
    named.map(([arn, name]) =>
      times.get(name.toLowerCase()) === 1 ? [arn, name] : [arn, byId.get(arn) ?? name],
    ),
  )
}

function join(account: string, role: string): string {
  const one = (text: string): string => text.replace(/[^\w.-]+/g, '-').replace(/^-+|-+$/g, '')
  const end = `-${one(role)}`
  return `${one(account).slice(0, Math.max(1, longest - end.length)) || 'account'}${end}`.slice(
    0,
    longest,
  )
}
