import { parseRoleArn } from '../../entitlements/arn.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Readable, RoleFields } from '../readable.ts'
import type { IssuerSettings } from '../schema/issuers.ts'
import type { Path } from '../yaml.ts'

const settings = [
  'policy',
  'policyArns',
  'tags',
  'transitiveTags',
  'sourceIdentity',
  'externalId',
] as const
type Setting = (typeof settings)[number]

interface Ability {
  readonly name: string
  readonly takes: readonly Setting[]
  /** Keys that tags may have; any when undefined. */
  readonly tagKeys?: RegExp
}

/** What each way to get credentials can tell AWS. What it can't must not stand at a role: it would be lost in silence. */
function abilityOf(issuer: IssuerSettings): Ability {
  if (issuer.type === 'assume-role' && issuer.source.type !== 'roles-anywhere')
    return { name: 'AssumeRole', takes: settings }
  // The certificate has set one already, and it stays through role chaining.
  if (issuer.type === 'assume-role')
    return {
      name: 'AssumeRole from a certificate',
      takes: settings.filter((one) => one !== 'sourceIdentity'),
    }
  if (issuer.type === 'assume-role-with-saml' && issuer.signIn !== undefined)
    return { name: 'a response that is passed on', takes: ['policy', 'policyArns'] }
  if (issuer.type === 'assume-role-with-saml')
    return { name: 'AssumeRoleWithSAML', takes: settings.filter((one) => one !== 'externalId') }
  if (issuer.type === 'federation-token')
    return { name: 'GetFederationToken', takes: ['policy', 'policyArns', 'tags'] }
  if (issuer.authority === undefined) return { name: 'IAM Roles Anywhere', takes: [] }
  return {
    name: 'a certificate for each person',
    takes: ['tags', 'sourceIdentity'],
    tagKeys: /^x509Subject\/(?:C|L|O|OU|ST)$/,
  }
}

/** Settings of a role that its issuer can't send, and roles in accounts that it can't reach. */
export function issuerAbilityFaults(
  path: Path,
  role: RoleFields,
  { names, issuers, defaults }: Readable,
): readonly PathFault[] {
  const only = names.issuers.size === 1 ? [...names.issuers][0] : undefined
  const name = role.issuer ?? defaults.issuer ?? only
  const issuer = name === undefined ? undefined : issuers.get(name)
  if (!issuer || path[0] === 'defaults') return []
  const ability = abilityOf(issuer)
  const lost = settings.filter((setting) => {
    return isSet(role[setting] ?? defaults[setting]) && !ability.takes.includes(setting)
  })
  return [
    ...lost.map((setting) => ({
      path: role[setting] === undefined ? [...path, 'issuer'] : [...path, setting],
      found: role[setting] === undefined ? `${setting}, from defaults` : `${setting} for this role`,
      expected: `no ${setting}, because ${ability.name} can't tell AWS`,
    })),
    ...tagKeyFaults(path, role.tags ?? defaults.tags ?? {}, ability),
    ...accountFaults(path, role, issuer),
    ...policyFaults(
      path,
      role.policy ?? role.policyArns ?? defaults.policy ?? defaults.policyArns,
      issuer,
    ),
  ]
}

function isSet(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0
  return value !== undefined
}

function tagKeyFaults(
  path: Path,
  tags: Readonly<Record<string, string>>,
  { name, tagKeys }: Ability,
): readonly PathFault[] {
  return Object.keys(tags)
    .filter((key) => tagKeys?.test(key) === false)
    .map((key) => ({
      path: [...path, 'tags', key],
      found: JSON.stringify(key),
      expected: `x509Subject/ with C, L, O, OU or ST: the tags that AWS makes of ${name}`,
    }))
}

/** Without a session policy, the session may do nothing (STS API, GetFederationToken). */
function policyFaults(path: Path, policy: unknown, issuer: IssuerSettings): readonly PathFault[] {
  if (issuer.type !== 'federation-token' || isSet(policy)) return []
  const expected = 'policy or policyArns: a federation token may do nothing without'
  return [{ path: [...path, 'issuer'], found: 'no session policy', expected }]
}

/** Trust anchor, profile and role stand in one account. */
function accountFaults(path: Path, role: object, issuer: IssuerSettings): readonly PathFault[] {
  const arn: unknown = Reflect.get(role, 'arn')
  const account = typeof arn === 'string' ? parseRoleArn(arn)?.accountId : undefined
  if (issuer.type !== 'roles-anywhere' || account === undefined) return []
  const own = issuer.trustAnchorArn.split(':')[4]
  if (own === account) return []
  return [
    {
      path: [...path, 'issuer'],
      found: `an issuer of account ${own ?? 'unknown'}`,
      expected: `one with a trust anchor in ${account}, because IAM Roles Anywhere stays within an account`,
    },
  ]
}
