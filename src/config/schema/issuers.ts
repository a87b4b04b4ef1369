import { z } from 'zod'
import { identifierKey } from './identifier.ts'
import { issuerCommon } from './issuer-common.ts'
import { keyPlace, keyPlaceObject } from './key-place.ts'
import { region } from './region.ts'
import { roleArn } from './roles.ts'
import { rolesAnywherePlace, sameRegion, sameRegionFault } from './roles-anywhere-place.ts'
import { choice, flag, text } from './scalars.ts'

const rolesAnywhereSource = z
  .strictObject({
    type: z.literal('roles-anywhere'),
    ...rolesAnywherePlace,
    roleArn: roleArn.describe('The role that Postern itself takes, to assume the others from.'),
    ...keyPlace,
  })
  .refine(sameRegion, sameRegionFault)

const source = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('environment') }),
  z.strictObject({
    type: z.literal('profile'),
    name: text({ max: 128 }).describe('Name of the profile in the AWS configuration files.'),
  }),
  rolesAnywhereSource,
])

/** STS takes 600 calls a second for each account and region, those of others included (IAM User Guide, quotas). */
const stsPerSecond = 500

const assumeRole = z.strictObject({
  type: z.literal('assume-role'),
  ...issuerCommon(stsPerSecond),
  source: source
    .prefault({ type: 'environment' })
    .describe(
      'Where the base credentials come from: environment (the default chain of the AWS SDK), a named profile, or a certificate by IAM Roles Anywhere.',
    ),
  chained: choice(['auto', 'yes', 'no'])
    .default('auto')
    .describe(
      'Whether the base credentials are temporary ones of a role, so that AWS caps sessions at an hour; auto looks at them.',
    ),
  region: region.optional().describe('Region of STS, unless the role names one.'),
})

/** CreateSession takes 10 calls a second for each region (IAM Roles Anywhere User Guide, quotas). */
const createSessionPerSecond = 8

const rolesAnywhere = z
  .strictObject({
    type: z.literal('roles-anywhere'),
    ...issuerCommon(createSessionPerSecond),
    ...rolesAnywherePlace,
    ...keyPlace,
    certificate: keyPlace.certificate.optional(),
    authority: keyPlaceObject.optional().meta({
      description:
        'A CA of Postern, in place of one certificate: it makes a certificate for each person, good for ten minutes.',
      examples: [{ certificate: 'keys/people-ca.pem', privateKey: 'keys/people-ca.key' }],
    }),
    sendSessionName: flag()
      .default(true)
      .describe(
        'Whether Postern names the role session; the profile must accept role session names. Without, AWS uses the serial number of the certificate.',
      ),
  })
  .refine(sameRegion, sameRegionFault)
  .refine(
    ({ certificate, authority }) => (certificate === undefined) !== (authority === undefined),
    { path: ['certificate'], error: 'either a certificate or an authority' },
  )

export const issuer = z.discriminatedUnion('type', [assumeRole, rolesAnywhere])

export const issuers = z
  .record(identifierKey, issuer)
  .refine((value) => Object.keys(value).length > 0, 'at least one issuer')
  .meta({
    description: 'Ways to get credentials, by name.',
    examples: [{ hub: { type: 'assume-role', source: { type: 'environment' } } }],
  })

export type IssuerSettings = z.output<typeof issuer>
export type SourceSettings = z.output<typeof source>
