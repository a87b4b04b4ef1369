import { z } from 'zod'
import { partitionOfRegion } from '../../entitlements/region.ts'
import { identifierKey } from './identifier.ts'
import { issuerCommon } from './issuer-common.ts'
import { choice, text } from './scalars.ts'

export const region = text({ max: 32 }).refine(
  (value) => partitionOfRegion(value) !== undefined,
  'an AWS region such as eu-west-1',
)

const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('environment') }),
  z.strictObject({
    type: z.literal('profile'),
    name: text({ max: 128 }).describe('Name of the profile in the AWS configuration files.'),
  }),
])

/** STS takes 600 calls a second for each account and region, those of others included (IAM User Guide, quotas). */
const stsPerSecond = 500

const assumeRole = z.strictObject({
  type: z.literal('assume-role'),
  ...issuerCommon(stsPerSecond),
  source: source
    .prefault({ type: 'environment' })
    .describe(
      'Where the base credentials come from: environment (the default chain of the AWS SDK) or a named profile.',
    ),
  chained: choice(['auto', 'yes', 'no'])
    .default('auto')
    .describe(
      'Whether the base credentials are temporary ones of a role, so that AWS caps sessions at an hour; auto looks at them.',
    ),
  region: region.optional().describe('Region of STS, unless the role names one.'),
})

export const issuers = z
  .record(identifierKey, z.discriminatedUnion('type', [assumeRole]))
  .refine((value) => Object.keys(value).length > 0, 'at least one issuer')
  .meta({
    description: 'Ways to get credentials, by name.',
    examples: [{ hub: { type: 'assume-role', source: { type: 'environment' } } }],
  })
