import type { RoleSessionFacts } from '../role-sessions/role-session-facts.ts'
import { plainText } from './account-text.ts'
import { credentialsWhy, consoleWhy } from './why-text.ts'

/** `production-readonly`. */
export function defaultProfileName({ account, role }: RoleSessionFacts): string {
  const words = `${account.name}-${role.name}`.normalize('NFKD').toLowerCase()
  const name = words
    .replace(/\p{M}/gu, '')
    .replace(/[^\w.-]+/g, '-')
    .slice(0, 64)
    .replace(/^-+|-+$/g, '')
  return name === '' ? account.id : name
}

/** Why it lasts as long as it does, unless a note says so already, and what nobody can undo. */
export function reasonsOf(facts: RoleSessionFacts): readonly string[] {
  const { plan, account, console } = facts
  const whys = [credentialsWhy(plan)]
  if (console.kind === 'link') whys.push(consoleWhy(plan))
  const noted = notesOf(facts).join(' ')
  const caution = `Whoever holds these acts as you in ${plainText(account.name)} until they end: Postern can forget them, AWS can’t take them back.`
  return [...new Set([...whys, caution])].filter((text) => !noted.includes(text))
}

/** What was not as asked, each once. */
export function notesOf({ notes, console }: RoleSessionFacts): readonly string[] {
  return [...new Set([...notes, ...(console.kind === 'link' ? console.notes : [])])]
}

/** What an AWS CLI needs that doesn't know the variable yet (AWS SDKs and Tools Reference, "Service-specific endpoints"). */
export function endpointHint(stsEndpoint: string): string {
  return `This broker uses an STS of its own. An AWS CLI before 2.13 doesn’t read \`AWS_ENDPOINT_URL_STS\`: add \`--endpoint-url ${stsEndpoint}\` there.`
}

/** The fields of the form that issues the same once more. */
export function renewFields(
  facts: RoleSessionFacts,
): readonly { readonly name: string; readonly value: string }[] {
  const { role, plan, region, console } = facts
  const wanted = console.kind !== 'none'
  const fields: Record<string, string | undefined> = {
    role: role.arn,
    console: String(wanted),
    duration: String(plan.credentials.seconds),
    consoleDuration: wanted && plan.console.send ? String(plan.console.seconds) : undefined,
    region,
    destination: console.kind === 'link' ? console.destination : undefined,
  }
  return Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name, value }],
  )
}

/**
 * Leads through AWS's sign-out to the sign-in URL. Only the host of us-east-1 is known to honour `redirect_uri`, so
 * other partitions, other regions and the sandbox have none.
 */
export function logoutFirstUrl(url: string): string | undefined {
  const link = URL.parse(url)
  const hosts = ['signin.aws.amazon.com', 'us-east-1.signin.aws.amazon.com']
  if (link?.protocol !== 'https:' || !hosts.includes(link.host)) return undefined
  link.host = 'us-east-1.signin.aws.amazon.com'
  const query = new URLSearchParams({ Action: 'logout', redirect_uri: link.href })
  return `https://us-east-1.signin.aws.amazon.com/oauth?${query.toString()}`
}
