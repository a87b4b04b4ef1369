import type { Config } from '../config/config.ts'
import type { Identity } from '../identity/identity.ts'

export interface AskedPerson {
  readonly user: string
  readonly people: string | undefined
  readonly groups: readonly string[]
}

/** The identity that somebody would have after signing in, as far as the configuration knows; or why it doesn't. */
export function explainedIdentity(asked: AskedPerson, config: Config): Identity | string {
  const populations = [...new Set(config.signIn.map(({ people }) => people))]
  if (asked.people !== undefined && !populations.includes(asked.people))
    return `No population is called ${asked.people}; there is ${populations.join(', ')}.`
  const methods = config.signIn.filter(
    ({ people }) => asked.people === undefined || people === asked.people,
  )
  const found = methods.flatMap((method) =>
    method.users.filter(({ name }) => name === asked.user).map((user) => ({ method, user })),
  )
  const [first] = found
  if (found.length > 1)
    return `${asked.user} stands in several populations. Say which with --people: ${found.map(({ method }) => method.people).join(', ')}.`
  if (first) return { ...first.user, ...identityOf(asked, first.method, first.user.groups) }
  if (asked.groups.length === 0)
    return `No local user is called ${asked.user}. For somebody from elsewhere, name the groups with --group.`
  const [method, ...others] = methods
  if (!method || (others.length > 0 && populations.length > 1 && asked.people === undefined))
    return `Say which population with --people: ${populations.join(', ')}.`
  const unknown = { displayName: undefined, email: undefined, attributes: {}, breakGlass: false }
  return { ...unknown, ...identityOf(asked, method, []) }
}

function identityOf(
  { user, groups }: AskedPerson,
  { people, id, label }: Config['signIn'][number],
  own: readonly string[],
) {
  return {
    person: { people, id: user },
    name: user,
    method: id,
    methodLabel: label,
    groups: [...new Set([...own, ...groups])],
    authenticatedAt: 0,
  }
}
