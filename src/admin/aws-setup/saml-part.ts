import type { Config } from '../../config/config.ts'
import type { AssumeRoleWithSamlConfig } from '../../config/issuer-config.ts'
import type { Role } from '../../entitlements/catalogue.ts'
import { partitionSignIn } from '../../issuers/saml-provider/partition-sign-in.ts'
import { samlTrust } from './policies.ts'
import { roleResource } from './role-resource.ts'
import { logicalName, type Reference } from './setup.ts'
import type { IssuerMaterial, SetupPart } from './setup-part.ts'

/** The SAML provider of one account, and the roles that trust it. */
export function samlPart(
  accountId: string,
  name: string,
  { assertions }: AssumeRoleWithSamlConfig,
  roles: readonly Role[],
  { metadata }: IssuerMaterial,
  { publicUrl, aws }: Config,
): SetupPart {
  const provider: Reference = { to: 'saml-provider', name: logicalName(name, 'SamlProvider') }
  const isOwn = assertions.from === 'identity-provider'
  const recipientFor = (role: Role): string =>
    isOwn
      ? partitionSignIn(role.arn.partition, aws.endpoints.saml).recipient
      : `${publicUrl}/saml/${assertions.method}/acs`
  const parameter = {
    name: logicalName(name, 'Metadata'),
    description: isOwn
      ? `Metadata of Postern, from ${publicUrl}/saml/aws/metadata.`
      : `Metadata of the identity provider behind the sign-in method ${assertions.method}.`,
  }
  return {
    accountId,
    parameters: metadata === undefined ? [parameter] : [],
    resources: [
      {
        kind: 'saml-provider',
        name: provider.name,
        providerName: isOwn ? assertions.name : `postern-${assertions.method}`,
        metadata: metadata ?? { to: 'parameter', name: parameter.name },
      },
      ...roles.map((role) => roleResource(role, samlTrust(role, provider, recipientFor(role)))),
    ],
    notes: isOwn
      ? ['Upload the metadata of Postern to the SAML provider anew before a key is rotated.']
      : [
          `At the identity provider, set up a relying party with the audience urn:amazon:webservices and the recipient ${publicUrl}/saml/${assertions.method}/acs.`,
          `Roles that the identity provider names, and that do not stand here, need a trust policy that allows sts:AssumeRoleWithSAML to the SAML provider where SAML:aud is ${publicUrl}/saml/${assertions.method}/acs.`,
          ...(metadata === undefined ? [tooLong] : []),
        ],
  }
}

const tooLong =
  'CloudFormation takes 4096 bytes for a parameter: write longer metadata into the template, or name a file of it as metadata of the sign-in method.'
