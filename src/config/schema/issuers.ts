import { z } from 'zod'
import { identifier, identifierKey } from './identifier.ts'
import { issuerCommon } from './issuer-common.ts'
import { keyPlace, keyPlaceObject } from './key-place.ts'
import { policy, policyArns } from './policy.ts'
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

const environmentSource = z.strictObject({ type: z.literal('environment') })
const profileSource = z.strictObject({
  type: z.literal('profile'),
  name: text({ max: 128 }).describe('Name of the profile in the AWS configuration files.'),
})
const source = z.discriminatedUnion('type', [environmentSource, profileSource, rolesAnywhereSource])

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
    sessionPolicy: policy.optional().meta({
      description:
        'Session policy of the profile, as aws-setup prints it: AWS cuts every session to it. A mapping, or JSON by ${file:path}.',
      examples: ['${file:policies/read-only.json}'],
    }),
    managedPolicyArns: policyArns.default([]).meta({
      description: 'Managed policies that the profile uses as session policies, for aws-setup too.',
      examples: [['arn:aws:iam::aws:policy/ReadOnlyAccess']],
    }),
  })
  .refine(sameRegion, sameRegionFault)
  .refine(
    ({ certificate, authority }) => (certificate === undefined) !== (authority === undefined),
    { path: ['certificate'], error: 'either a certificate or an authority' },
  )

/** AWS publishes no quota for AssumeRoleWithSAML. */
const withSamlPerSecond = 100

const identityProvider = z.strictObject({
  name: text({
    max: 128,
    pattern: /^[\w.-]+$/,
    expected: 'the name of a SAML provider: letters, digits and . _ -',
  }).meta({
    description: 'Name of the SAML provider in IAM, the same in every account.',
    examples: ['Postern'],
  }),
  entityId: text({ max: 1024 })
    .optional()
    .meta({
      description: 'Entity ID; the address of the metadata unless set.',
      examples: ['https://aws.corp.example/saml/aws/metadata'],
    }),
  keys: z
    .array(keyPlaceObject)
    .min(1, 'at least one key')
    .max(10)
    .meta({
      description:
        'RSA keys of 2048 bits or more. The first signs; all stand in the metadata, so that a rotation needs no standstill.',
      examples: [[{ certificate: 'keys/saml.pem', privateKey: 'keys/saml.key' }]],
    }),
})

const assumeRoleWithSaml = z
  .strictObject({
    type: z.literal('assume-role-with-saml'),
    ...issuerCommon(withSamlPerSecond),
    signIn: identifier.optional().meta({
      description:
        'The SAML sign-in method whose responses are passed on to AWS as they came. Its entityId must be the one of AWS.',
      examples: ['adfs'],
    }),
    identityProvider: identityProvider
      .optional()
      .describe('Postern signs an assertion of its own, as an identity provider that AWS trusts.'),
    region: region.optional().describe('Region of STS, unless the role names one.'),
  })
  .refine(({ signIn, identityProvider: own }) => (signIn === undefined) !== (own === undefined), {
    path: ['signIn'],
    error: 'either signIn or identityProvider',
  })

const federationToken = z.strictObject({
  type: z.literal('federation-token'),
  ...issuerCommon(stsPerSecond),
  source: z
    .discriminatedUnion('type', [environmentSource, profileSource])
    .prefault({ type: 'environment' })
    .describe('Where the long-term keys of an IAM user come from: environment or a named profile.'),
  region: region.optional().describe('Region of STS, unless the role names one.'),
})

export const issuer = z.discriminatedUnion('type', [
  assumeRole,
  rolesAnywhere,
  assumeRoleWithSaml,
  federationToken,
])

export const issuers = z
  .record(identifierKey, issuer)
  .refine((value) => Object.keys(value).length > 0, 'at least one issuer')
  .refine(
    (value) => Object.values(value).filter(signsForAws).length < 2,
    'at most one issuer with identityProvider, because Postern has one metadata',
  )
  .meta({
    description: 'Ways to get credentials, by name.',
    examples: [{ hub: { type: 'assume-role', source: { type: 'environment' } } }],
  })

function signsForAws(settings: z.output<typeof issuer>): boolean {
  return settings.type === 'assume-role-with-saml' && settings.identityProvider !== undefined
}

export type IssuerSettings = z.output<typeof issuer>
export type SourceSettings = z.output<typeof source>
