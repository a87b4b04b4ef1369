import { parseRoleArn } from '../entitlements/arn.ts'
import { longDuration } from '../entitlements/duration-text.ts'
import { partitionOfRegion } from '../entitlements/region.ts'
import { closest } from './closest.ts'
import { groupNames } from './group-pattern.ts'
import type { PathFault } from './issue-faults.ts'
import type { Readable } from './readable.ts'
import { maxOf } from './resolve-role.ts'
import type { RoleSettings } from './schema/role-settings.ts'
import type { Path } from './yaml.ts'

type Check = (parts: Readable) => readonly PathFault[]

/** Faults that show only between entries: names that lead nowhere, names that stand twice, limits that contradict. */
export function crossFaults(parts: Readable): readonly PathFault[] {
  return checks.flatMap((check) => check(parts))
}

const checks: readonly Check[] = [
  methodsOnce,
  personsOnce,
  rolesOnce,
  knownAccounts,
  settingsFit,
  grantsFit,
]

/** `aws` would collide with the metadata of Postern's own SAML provider. */
function methodsOnce({ signIn }: Readable): readonly PathFault[] {
  return [
    ...repeats(signIn.map(({ index, value }) => [value.id, ['signIn', index, 'id']])),
    ...signIn.flatMap(({ index, value }) =>
      value.id === 'aws'
        ? [
            {
              path: ['signIn', index, 'id'],
              found: '"aws"',
              expected: 'another ID; Postern needs that one',
            },
          ]
        : [],
    ),
  ]
}

/** Two passwords for one person, or two persons that nobody can tell apart. */
function personsOnce({ signIn }: Readable): readonly PathFault[] {
  return repeats(
    signIn.flatMap(({ index, value }) =>
      value.users.map(({ name }, user): [string, Path, string] => [
        `${value.people ?? value.id}/${name.toLowerCase()}`,
        ['signIn', index, 'users', user, 'name'],
        name,
      ]),
    ),
  )
}

function rolesOnce({ roles }: Readable): readonly PathFault[] {
  return repeats(roles.map(({ index, value }) => [value.arn, ['roles', index, 'arn']]))
}

function repeats(
  items: readonly (readonly [key: string, path: Path, shown?: string])[],
): PathFault[] {
  const seen = new Set<string>()
  return items.flatMap(([key, path, shown]) => {
    if (!seen.has(key)) {
      seen.add(key)
      return []
    }
    return [{ path, found: `${JSON.stringify(shown ?? key)} a second time`, expected: 'each once' }]
  })
}

function knownAccounts({ roles, names }: Readable): readonly PathFault[] {
  return roles.flatMap(({ index, value }) => {
    const account = parseRoleArn(value.arn)?.accountId
    if (account === undefined || names.accounts.has(account)) return []
    return [
      {
        path: ['roles', index, 'arn'],
        found: `account ${account}`,
        expected: 'an account that stands under accounts',
      },
    ]
  })
}

function settingsFit(parts: Readable): readonly PathFault[] {
  return [
    ...settingFaults(parts.defaults, ['defaults'], parts, true),
    ...parts.roles.flatMap(({ index, value }) => settingFaults(value, ['roles', index], parts)),
    ...parts.roles.flatMap(({ index, value }) =>
      regionFault(value.region, value.arn, ['roles', index]),
    ),
    ...parts.grants
      .filter(({ value }) => value.groupPattern !== undefined)
      .flatMap(({ index, value }) => [
        ...settingFaults(value, ['grants', index], parts),
        ...regionFault(value.region, value.role ?? '', ['grants', index]),
      ]),
  ]
}

function settingFaults(
  settings: Omit<RoleSettings, 'description' | 'startPage'>,
  path: Path,
  { defaults, names }: Readable,
  outermost = false,
): readonly PathFault[] {
  const faults: PathFault[] = []
  const { issuer } = settings
  if (issuer !== undefined && !names.issuers.has(issuer))
    faults.push({
      path: [...path, 'issuer'],
      found: JSON.stringify(issuer),
      expected: nameAmong('issuers', issuer, names.issuers),
    })
  if (!outermost && issuer === undefined && defaults.issuer === undefined && names.issuers.size > 1)
    faults.push({
      path: [...path, 'issuer'],
      found: 'nothing',
      expected: `one of ${[...names.issuers].join(', ')}, because there are several issuers`,
    })
  for (const what of ['credentials', 'console'] as const) {
    const wanted = settings.duration?.[what]?.default
    const max = maxOf(what, settings, { defaults })
    if (wanted !== undefined && wanted > max)
      faults.push({
        path: [...path, 'duration', what, 'default'],
        found: longDuration(wanted),
        expected: `at most ${longDuration(max)}, which is the max; set that too to go beyond it`,
      })
  }
  const tags = Object.keys(settings.tags ?? defaults.tags ?? {})
  for (const [index, key] of (settings.transitiveTags ?? []).entries())
    if (!tags.includes(key))
      faults.push({
        path: [...path, 'transitiveTags', index],
        found: JSON.stringify(key),
        expected: 'a key that stands under tags',
      })
  const policyLength = [
    settings.policy ?? defaults.policy ?? '',
    ...(settings.policyArns ?? defaults.policyArns ?? []),
  ].join('').length
  if (policyLength > 2048 && (settings.policy ?? settings.policyArns) !== undefined)
    faults.push({
      path: [...path, 'policyArns'],
      found: `${policyLength} characters`,
      expected: 'at most 2048 together with policy',
    })
  if (names.peoples.size > 1) faults.push(...peopleFaults(settings, path))
  return faults
}

/** People IDs hold letters, digits and hyphens; next to one of those, `a-b` and `c` would read like `a` and `b-c`. */
const setApart = /(?<![a-z0-9}-])\$\{people\}(?![a-z0-9$-])/

function peopleFaults(settings: RoleSettings, path: Path): readonly PathFault[] {
  return (['sessionName', 'sourceIdentity'] as const).flatMap((key) => {
    const template = settings[key]
    if (template === undefined || setApart.test(template)) return []
    return [
      {
        path: [...path, key],
        found: JSON.stringify(template),
        expected:
          '${people} in it, set apart by one of _+=,.@, because there are several populations',
      },
    ]
  })
}

function regionFault(region: string | undefined, arn: string, path: Path): readonly PathFault[] {
  const partition = arn.split(':')[1]
  if (region === undefined || partitionOfRegion(region) === partition) return []
  return [
    {
      path: [...path, 'region'],
      found: JSON.stringify(region),
      expected: `a region of the partition ${String(partition)}`,
    },
  ]
}

function grantsFit({ grants, names, signIn, methodCount }: Readable): readonly PathFault[] {
  return grants.flatMap(({ index, value }) => {
    const path: Path = ['grants', index]
    const faults: PathFault[] = []
    if (!names.peoples.has(value.people))
      faults.push({
        path: [...path, 'people'],
        found: JSON.stringify(value.people),
        expected: nameAmong('the people of signIn', value.people, names.peoples),
      })
    for (const [at, arn] of (value.roles ?? []).entries())
      if (!names.roles.has(arn))
        faults.push({
          path: [...path, 'roles', at],
          found: JSON.stringify(arn),
          expected: nameAmong('roles', arn, names.roles),
        })
    const users = signIn.filter(
      (method) => (method.value.people ?? method.value.id) === value.people,
    )
    const all = users.flatMap((method) => method.value.users.map(({ name }) => name))
    if (
      value.user !== undefined &&
      signIn.length === methodCount &&
      users.length > 0 &&
      !all.includes(value.user)
    )
      faults.push({
        path: [...path, 'user'],
        found: JSON.stringify(value.user),
        expected: nameAmong('the users', value.user, all),
      })
    if (value.groupPattern !== undefined && value.role !== undefined)
      faults.push(
        ...templateFault(value.groupPattern, value.role, names.accounts, [...path, 'role']),
      )
    return faults
  })
}

function templateFault(
  pattern: string,
  role: string,
  accounts: ReadonlySet<string>,
  path: Path,
): readonly PathFault[] {
  const groups = groupNames(pattern)
  const unknown = [...role.matchAll(/\$\{([^}]*)\}?/g)].find(
    ([, name = '']) => !groups.includes(name),
  )
  const found = JSON.stringify(role)
  if (unknown)
    return [
      {
        path,
        found,
        expected: `only named groups of groupPattern as variables: ${groups.join(', ') || 'it has none'}`,
      },
    ]
  const sample = parseRoleArn(
    role.replaceAll('${account}', '000000000000').replace(/\$\{\w+\}/g, 'x'),
  )
  if (!sample)
    return [{ path, found, expected: 'a role ARN such as arn:aws:iam::${account}:role/${role}' }]
  if (!role.includes('${account}') && !accounts.has(sample.accountId))
    return [
      {
        path,
        found: `account ${sample.accountId}`,
        expected: 'an account that stands under accounts',
      },
    ]
  return []
}

function nameAmong(where: string, name: string, known: Iterable<string>): string {
  const near = closest(name, known)
  return near === undefined
    ? `a name that stands under ${where}`
    : `a name that stands under ${where}, perhaps ${near}`
}
