import { z } from 'zod'
import { parseRoleArn } from '../../entitlements/arn.ts'
import { roleSettings } from './role-settings.ts'
import { text } from './scalars.ts'

export const roleArn = text({ max: 2048 }).refine(
  (value) => parseRoleArn(value) !== undefined,
  'a role ARN such as arn:aws:iam::111111111111:role/ReadOnly',
)

export const role = z.strictObject({
  arn: roleArn.describe('The role; its account must stand under accounts.'),
  ...roleSettings,
})

const exampleRoles = [
  {
    arn: 'arn:aws:iam::111111111111:role/ReadOnly',
    description: 'Look at everything, change nothing',
    duration: { credentials: { default: '1h', max: '4h' }, console: { default: '8h', max: '12h' } },
    portalLink: 'direct',
  },
  {
    arn: 'arn:aws:iam::111111111111:role/Admin',
    description: 'Everything, changes included',
    duration: { console: { default: '1h', max: '1h' } },
    sourceIdentity: '${name}',
  },
]

export const roles = z
  .array(role)
  .max(10_000)
  .default([])
  .meta({
    description: 'Roles that grants may name, with their settings.',
    examples: [exampleRoles],
  })
