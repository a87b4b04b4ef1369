import type { Config } from '../config/config.ts'
import type { Identity } from '../identity/identity.ts'

export interface AskedPerson {
  readonly user: string
  readonly people: string | undefined
  readonly groups: readonly string[]
  /** ARNs of roles that a provider's AWS role attribute would give. */
  readonly awsRoles: readonly string[]
  /** The sign-in method, where the population has several. */
  readonly method: string | undefined
}

/** The identity that somebody would have after signing in, as far as the configuration knows; or why it doesn't. */
export function explainedIdentity(asked: AskedPerson, config: Config): Identity | string {
  const populations = [...new Set(config.signIn.map(({ people }) => people))]
  if (asked.people !== undefined && !populations.includes(asked.people))
    return `No population is called ${asked.people}; there is ${populations.join(', ')}.`
  const methods = config.signIn.filter(
    ({ people, id }) =>
      (asked.people === undefined || people === asked.people) &&
      (asked.method === undefined || id === asked.method),
  )
  const found = methods.flatMap((method) =>
    (method.type === 'local' ? method.users : [])
      .filter(({ name }) => name === asked.user)
      .map((user) => ({ method, user })),
  )
  const certified = certifiedIdentity(asked, methods)
  if (certified) return certified
  const [first] = found
  if (found.length > 1)
    return `${asked.user} stands in several populations. Say which with --people: ${found.map(({ method }) => method.people).join(', ')}.`
  if (first) return { ...first.user, ...identityOf(asked, first.method, first.user.groups) }
  if (asked.groups.length + asked.awsRoles.length === 0)
    return `No local user is called ${asked.user}. For somebody from elsewhere, name the groups with --group.`
  const [method, ...others] = methods
  if (!method) return 'No sign-in method is called so in that population.'
  if (others.length > 0 && populations.length > 1 && asked.people === undefined)
    return `Say which population with --people: ${populations.join(', ')}.`
  const unknown = { displayName: undefined, email: undefined, attributes: {}, breakGlass: false }
  return { ...unknown, ...identityOf(asked, method, []) }
}

/** Whoever a certificate alone names: `authority/source/name`, with the groups of that authority. */
function certifiedIdentity(asked: AskedPerson, methods: Config['signIn']): Identity | undefined {
  const [name, type, ...rest] = asked.user.split('/')
  for (const method of methods) {
    if (method.type !== 'client-certificate' || method.directory !== undefined) continue
    const authority = method.authorities.find(
      (one) => one.name === name && one.sources.some((source) => source.type === type),
    )
    if (!authority || rest.length === 0) continue
    return {
      ...{ displayName: undefined, email: undefined, attributes: {}, breakGlass: false },
      ...identityOf(asked, method, authority.groups),
      name: rest.join('/'),
    }
  }
  return undefined
}

function identityOf(
  { user, groups, awsRoles }: AskedPerson,
  { people, id, label }: Config['signIn'][number],
  own: readonly string[],
) {
  return {
    person: { people, id: user },
    name: user,
    method: id,
    methodLabel: label,
    groups: [...new Set([...own, ...groups])],
    awsRoles: awsRoles.map((roleArn) => ({ roleArn, providerArn: '' })),
    authenticatedAt: 0,
  }
}
