import { parseRoleArn } from '../../entitlements/arn.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Readable } from '../readable.ts'
import { repeats } from './fault-texts.ts'
import { regionFaults, settingFaults } from './setting-checks.ts'

/** Roles that stand twice, in accounts that stand nowhere, or with settings that don't fit together. */
export function roleFaults(parts: Readable): readonly PathFault[] {
  const { roles, names, defaults } = parts
  return [
    ...settingFaults(['defaults'], defaults, parts),
    ...repeats(roles.map(({ path, value }) => ({ path: [...path, 'arn'], key: value.arn }))),
    ...roles.flatMap(({ path, value }) => [
      ...accountFaults([...path, 'arn'], value.arn, names.accounts),
      ...settingFaults(path, value, parts),
      ...regionFaults(path, value.region ?? defaults.region, value.arn),
    ]),
  ]
}

function accountFaults(
  path: PathFault['path'],
  arn: string | undefined,
  accounts: ReadonlySet<string>,
): readonly PathFault[] {
  const account = parseRoleArn(arn ?? '')?.accountId
  if (account === undefined || accounts.has(account)) return []
  return [{ path, found: `account ${account}`, expected: 'an account that stands under accounts' }]
}
