import { parseRoleArn } from '../../entitlements/arn.ts'
import { groupNames } from '../group-pattern.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Entry, GrantFields, Readable } from '../readable.ts'
import type { Path } from '../yaml.ts'
import { unknownName } from './fault-texts.ts'
import { regionFaults, settingFaults } from './setting-checks.ts'
import { peopleOf } from './sign-in-checks.ts'

/** Grants for nobody, or of nothing. */
export function grantFaults(parts: Readable): readonly PathFault[] {
  return parts.grants.flatMap((entry) => [
    ...granteeFaults(entry, parts),
    ...listedRoleFaults(entry, parts),
    ...patternFaults(entry, parts),
  ])
}

function granteeFaults(
  { path, value }: Entry<GrantFields>,
  { names, signIn }: Readable,
): readonly PathFault[] {
  const { people, user } = value
  if (people === undefined) return []
  if (!names.peoples.has(people))
    return [unknownName([...path, 'people'], people, 'signIn', names.peoples)]
  const methods = signIn.filter((method) => peopleOf(method.value) === people)
  const listed = methods.map((method) => method.value.users)
  // Where a list could not be read, nobody knows who is missing.
  if (user === undefined || listed.some((users) => users === undefined)) return []
  const users = listed.flatMap((some) => some?.map(({ name }) => name) ?? [])
  return users.includes(user) ? [] : [unknownName([...path, 'user'], user, 'users', users)]
}

function listedRoleFaults(
  { path, value }: Entry<GrantFields>,
  { names }: Readable,
): readonly PathFault[] {
  return (value.roles ?? []).flatMap((arn, index) =>
    names.roles.has(arn) ? [] : [unknownName([...path, 'roles', index], arn, 'roles', names.roles)],
  )
}

function patternFaults({ path, value }: Entry<GrantFields>, parts: Readable): readonly PathFault[] {
  const { groupPattern, role } = value
  if (groupPattern === undefined) return []
  return [
    ...settingFaults(path, value, parts),
    ...regionFaults(path, value.region ?? parts.defaults.region, role),
    ...(role === undefined
      ? []
      : templateFaults([...path, 'role'], role, groupNames(groupPattern), parts.names.accounts)),
  ]
}

function templateFaults(
  path: Path,
  template: string,
  groups: readonly string[],
  accounts: ReadonlySet<string>,
): readonly PathFault[] {
  const found = JSON.stringify(template)
  const variables = [...template.matchAll(/\$\{([^}]*)\}?/g)].map(([, name = '']) => name)
  if (variables.some((name) => !groups.includes(name)))
    return [
      {
        path,
        found,
        expected: `no variables but the pattern's named groups: ${groups.join(', ') || 'it has none'}`,
      },
    ]
  const filled = template.replaceAll('${account}', '0'.repeat(12)).replace(/\$\{\w+\}/g, 'x')
  const sample = parseRoleArn(filled)
  if (!sample)
    return [{ path, found, expected: 'a role ARN such as arn:aws:iam::${account}:role/${role}' }]
  if (variables.includes('account') || accounts.has(sample.accountId)) return []
  return [
    {
      path,
      found: `account ${sample.accountId}`,
      expected: 'an account that stands under accounts',
    },
  ]
}
