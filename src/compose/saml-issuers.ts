import { type BareIssuer, callOptions, issuerKey, type IssuerParts } from './bare-issuer.ts'
import { stsPlaces } from './sts-places.ts'
import type { AssumeRoleWithSamlConfig, IdentityProviderConfig } from '../config/issuer-config.ts'
import { SignInTooOld } from '../errors.ts'
import { createAssumeRoleWithSamlIssuer } from '../issuers/assume-role-with-saml.ts'
import { passedAssertions } from '../issuers/passed-assertion.ts'
import {
  type AwsIdentityProvider,
  createIdentityProvider,
} from '../issuers/saml-provider/identity-provider.ts'

/** AssumeRoleWithSAML with assertions that Postern signs. */
export function composeSamlProvider(
  name: string,
  settings: AssumeRoleWithSamlConfig,
  provider: AwsIdentityProvider,
  parts: IssuerParts,
): BareIssuer {
  return withAssertions(name, settings, parts, {
    assertionFor: async (order) => {
      const { roleSessionName } = order
      return { ...(await provider.respond(order)), roleSessionName }
    },
    able: ['policy', 'policyArns', 'tags', 'transitiveTagKeys', 'sourceIdentity'],
  })
}

/** AssumeRoleWithSAML with the response that somebody signed in with. */
export function composePassingOn(
  name: string,
  settings: AssumeRoleWithSamlConfig,
  method: string,
  parts: IssuerParts,
): BareIssuer {
  return withAssertions(name, settings, parts, {
    assertionFor: passedAssertions(method, parts.effects),
    tooOld: () => new SignInTooOld(method),
    able: ['policy', 'policyArns'],
  })
}

type Assertions = Pick<
  Parameters<typeof createAssumeRoleWithSamlIssuer>[0],
  'assertionFor' | 'able' | 'tooOld'
>

function withAssertions(
  name: string,
  settings: AssumeRoleWithSamlConfig,
  parts: IssuerParts,
  assertions: Assertions,
): BareIssuer {
  const { effects, logger } = parts
  const { places, options } = stsPlaces(settings, ({ role }) => role.accountId, parts)
  const issuer = createAssumeRoleWithSamlIssuer({
    ...options,
    ...callOptions(parts),
    ...assertions,
    name,
    effects,
    logger,
  })
  return { issuer, ...places }
}

/** Postern as an identity provider that AWS trusts. */
export function composeIdentityProvider(
  { name, entityId, keys }: IdentityProviderConfig,
  parts: IssuerParts,
): AwsIdentityProvider {
  const { publicUrl, aws } = parts.config
  const [first, ...others] = keys.map((place) => issuerKey(place, parts))
  if (!first) throw new TypeError('unchecked keys')
  return createIdentityProvider({
    entityId: entityId ?? `${publicUrl}/saml/aws/metadata`,
    publicUrl,
    providerName: name,
    keys: [first, ...others],
    samlEndpoint: aws.endpoints.saml,
    effects: parts.effects,
  })
}
