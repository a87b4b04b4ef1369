import { longDuration } from '../../entitlements/duration-text.ts'
import { partitionOfRegion } from '../../entitlements/region.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Readable, RoleFields } from '../readable.ts'
import { maxOf } from '../resolve-role.ts'
import type { Path } from '../yaml.ts'
import { unknownName } from './fault-texts.ts'
import { issuerAbilityFaults } from './issuer-checks.ts'

type Check = (path: Path, settings: RoleFields, parts: Readable) => readonly PathFault[]

const checks: readonly Check[] = [
  issuerFaults,
  durationFaults,
  tagFaults,
  policyFaults,
  peopleFaults,
  issuerAbilityFaults,
]

/** Settings of a role, of the defaults or of a grant by pattern that contradict each other or lead nowhere. */
export function settingFaults(
  path: Path,
  settings: RoleFields,
  parts: Readable,
): readonly PathFault[] {
  return checks.flatMap((check) => check(path, settings, parts))
}

function issuerFaults(
  path: Path,
  { issuer }: RoleFields,
  { names, defaults }: Readable,
): readonly PathFault[] {
  if (issuer !== undefined)
    return names.issuers.has(issuer)
      ? []
      : [unknownName([...path, 'issuer'], issuer, 'issuers', names.issuers)]
  const unneeded = path[0] === 'defaults' || defaults.issuer !== undefined || names.issuers.size < 2
  if (unneeded) return []
  const expected = `one of ${[...names.issuers].join(', ')}, because there are several issuers`
  return [{ path: [...path, 'issuer'], found: 'nothing', expected }]
}

function durationFaults(
  path: Path,
  settings: RoleFields,
  { defaults }: Readable,
): readonly PathFault[] {
  return (['credentials', 'console'] as const).flatMap((what) => {
    const wanted = settings.duration?.[what]?.default
    const max = maxOf(what, settings, { defaults })
    if (wanted === undefined || wanted <= max) return []
    return [
      {
        path: [...path, 'duration', what, 'default'],
        found: longDuration(wanted),
        expected: `at most ${longDuration(max)}, which is the max; set that too to go beyond it`,
      },
    ]
  })
}

function tagFaults(path: Path, settings: RoleFields, { defaults }: Readable): readonly PathFault[] {
  const tags = settings.tags ?? defaults.tags ?? {}
  const transitive = settings.transitiveTags ?? (settings.tags ? defaults.transitiveTags : []) ?? []
  return transitive.flatMap((key, index) =>
    Object.hasOwn(tags, key)
      ? []
      : [
          {
            path: [...path, ...(settings.transitiveTags ? ['transitiveTags', index] : ['tags'])],
            found: `${JSON.stringify(key)} as a transitive tag`,
            expected: 'a key that stands under tags',
          },
        ],
  )
}

/** STS API, AssumeRole: the inline policy and the ARNs together. */
const maxPolicyCharacters = 2048

function policyFaults(
  path: Path,
  { policy, policyArns }: RoleFields,
  { defaults }: Readable,
): readonly PathFault[] {
  if (policy === undefined && policyArns === undefined) return []
  const all = [policy ?? defaults.policy ?? '', ...(policyArns ?? defaults.policyArns ?? [])]
  const { length } = all.join('')
  if (length <= maxPolicyCharacters) return []
  return [
    {
      path: [...path, policyArns === undefined ? 'policy' : 'policyArns'],
      found: `${length} characters in policy and policyArns`,
      expected: `at most ${maxPolicyCharacters} together`,
    },
  ]
}

/** People IDs hold letters, digits and hyphens; next to one of those, `a-b` and `c` would read like `a` and `b-c`. */
const setApart = /(?<![a-z0-9}-])\$\{people\}(?![a-z0-9$-])/

function peopleFaults(path: Path, settings: RoleFields, { names }: Readable): readonly PathFault[] {
  if (names.peoples.size < 2) return []
  return (['sessionName', 'sourceIdentity'] as const).flatMap((key) => {
    const template = settings[key]
    if (template === undefined || setApart.test(template)) return []
    const expected =
      '${people} in it, set apart by one of _+=,.@, because there are several populations'
    return [{ path: [...path, key], found: JSON.stringify(template), expected }]
  })
}

/** A region of another partition than the role's. */
export function regionFaults(
  path: Path,
  region: string | undefined,
  arn: string | undefined,
): readonly PathFault[] {
  const partition = arn?.split(':')[1]
  if (region === undefined || partition === undefined) return []
  if (partitionOfRegion(region) === partition) return []
  const expected = `a region of the partition ${partition}`
  return [{ path: [...path, 'region'], found: JSON.stringify(region), expected }]
}
