import { z } from 'zod'
import { dereferenced } from '../references.ts'
import { groupPatternFault } from '../group-pattern.ts'
import { identifier } from './identifier.ts'
import { roleSettings } from './role-settings.ts'
import { roleArn } from './roles.ts'
import { text } from './scalars.ts'

const pattern = z.preprocess(
  dereferenced,
  z.string().superRefine((value, context) => {
    const fault = groupPatternFault(value)
    if (fault !== undefined) context.addIssue({ code: 'custom', message: fault })
  }),
)

const roleTemplate = z.preprocess(
  dereferenced,
  z.string().min(1, 'text that is not empty').max(2048, 'at most 2048 characters'),
)

export const grant = z
  .strictObject({
    people: identifier.describe('Population that it is for.'),
    user: text({ max: 256 })
      .optional()
      .describe('Immutable ID of one person; for local users the name.'),
    group: text({ max: 1024 })
      .optional()
      .describe(
        'Name of a group, exactly as the sign-in method gives it; the full DN for directories.',
      ),
    groupPattern: pattern
      .optional()
      .describe('Regular expression over group names, from ^ to $, whose named groups fill role.'),
    roles: z
      .array(roleArn)
      .min(1, 'at least one role')
      .max(10_000)
      .optional()
      .describe('With user or group: ARNs of roles listed under roles.'),
    role: roleTemplate
      .optional()
      .describe(
        'With groupPattern: a role ARN with ${account} and ${role}, or other named groups.',
      ),
    ...roleSettings,
  })
  .superRefine((value, context) => {
    for (const { path, message } of shapeFaults(value))
      context.addIssue({ code: 'custom', path, message })
  })

const settingNames = Object.keys(roleSettings)

/** A grant is for exactly one of user, group and groupPattern, and names roles in the way that fits. */
function shapeFaults(
  value: Readonly<Record<string, unknown>>,
): { path: string[]; message: string }[] {
  const has = (name: string): boolean => value[name] !== undefined
  const kinds = ['user', 'group', 'groupPattern'].filter(has)
  if (kinds.length !== 1)
    return [{ path: [], message: 'exactly one of user, group and groupPattern' }]
  const [wanted, unwanted] = has('groupPattern') ? ['role', 'roles'] : ['roles', 'role']
  const faults: { path: string[]; message: string }[] = []
  if (!has(wanted))
    faults.push({ path: [wanted], message: `${wanted}, because this grant has ${kinds.join()}` })
  if (has(unwanted))
    faults.push({
      path: [unwanted],
      message: `${wanted} in its place, because this grant has ${kinds.join()}`,
    })
  if (!has('groupPattern'))
    for (const name of settingNames.filter(has))
      faults.push({ path: [name], message: 'settings of a role where it stands under roles' })
  return faults
}

const exampleGrants = [
  { people: 'staff', group: 'readers', roles: ['arn:aws:iam::111111111111:role/ReadOnly'] },
  { people: 'staff', user: 'bob', roles: ['arn:aws:iam::111111111111:role/Admin'] },
  {
    people: 'staff',
    groupPattern:
      '^CN=AWS-(?<account>\\d{12})-(?<role>[\\w+=.@-]{1,64}),OU=AWS,DC=corp,DC=example$',
    role: 'arn:aws:iam::${account}:role/${role}',
    duration: { console: { default: '1h', max: '1h' } },
  },
]

export const grants = z
  .array(grant)
  .max(10_000)
  .default([])
  .meta({ description: 'Who may have which roles.', examples: [exampleGrants] })
