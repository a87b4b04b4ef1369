import { conditionContext, type ConditionContext } from '../../iam/condition-context.ts'
import type { SandboxRequest } from '../../http/request.ts'
import type { SamlProviderEntry } from '../../world/saml-providers.ts'
import type { AcceptedAssertion } from './accept-assertion.ts'
import type { AwsAttributes } from './aws-attributes.ts'
import { nameQualifier, shortFormat } from './subject.ts'

type Values = Record<string, string | readonly string[] | undefined>

const EDU_PERSON = 'urn:oid:1.3.6.1.4.1.5923.1.1.1.'
const EDU_ORG = 'urn:oid:1.3.6.1.4.1.5923.1.2.1.'
const CLAIMS = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims/'

/** Attribute and condition key (IAM User Guide, id_roles_providers_create_saml_assertions). */
const LISTS: readonly (readonly [attribute: string, key: string])[] = [
  [`${EDU_PERSON}1`, 'eduPersonAffiliation'],
  [`${EDU_PERSON}2`, 'eduPersonNickname'],
  [`${EDU_PERSON}4`, 'eduPersonOrgUnitDN'],
  [`${EDU_PERSON}7`, 'eduPersonEntitlement'],
  [`${EDU_PERSON}9`, 'eduPersonScopedAffiliation'],
  [`${EDU_PERSON}10`, 'eduPersonTargetedID'],
  [`${EDU_PERSON}11`, 'eduPersonAssurance'],
  [`${EDU_ORG}2`, 'eduOrgHomePageURI'],
  [`${EDU_ORG}3`, 'eduOrgIdentityAuthNPolicyURI'],
  [`${EDU_ORG}4`, 'eduOrgLegalName'],
  [`${EDU_ORG}5`, 'eduOrgSuperiorURI'],
  [`${EDU_ORG}6`, 'eduOrgWhitePagesURI'],
  ['urn:oid:2.5.4.3', 'cn'],
]

/** Where several attributes go to one key, AWS maps one; ours is the first of this list. */
const STRINGS: readonly (readonly [attribute: string, key: string])[] = [
  [`${EDU_PERSON}3`, 'eduPersonOrgDN'],
  [`${EDU_PERSON}5`, 'eduPersonPrimaryAffiliation'],
  [`${EDU_PERSON}6`, 'eduPersonPrincipalName'],
  [`${EDU_PERSON}8`, 'eduPersonPrimaryOrgUnitDN'],
  [`${CLAIMS}name`, 'name'],
  ['http://schemas.xmlsoap.org/claims/CommonName', 'commonName'],
  [`${CLAIMS}givenname`, 'givenName'],
  [`${CLAIMS}surname`, 'surname'],
  [`${CLAIMS}emailaddress`, 'mail'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid', 'uid'],
  ['2.5.4.3', 'commonName'],
  ['2.5.4.4', 'surname'],
  ['2.4.5.42', 'givenName'],
  ['2.5.4.45', 'x500UniqueIdentifier'],
  ['0.9.2342.19200300100.1.1', 'uid'],
  ['0.9.2342.19200300100.1.3', 'mail'],
  ['0.9.2342.19200300.100.1.45', 'organizationStatus'],
]

/** The condition keys of AssumeRoleWithSAML (IAM User Guide, reference_policies_iam-condition-keys). */
export function samlContext(
  provider: SamlProviderEntry,
  assertion: AcceptedAssertion,
  asked: AwsAttributes,
  request: SandboxRequest,
  now: Date,
): ConditionContext {
  const { subject } = assertion
  const values: Values = {
    // The Recipient, not the Audience.
    'saml:aud': assertion.recipient,
    'saml:iss': assertion.issuer,
    'saml:sub': subject.name,
    'saml:sub_type': shortFormat(subject.format),
    'saml:namequalifier': nameQualifier(assertion.issuer, provider),
    'saml:doc': `${provider.account.id}/${provider.name}`,
    'sts:RoleSessionName': asked.roleSessionName,
    'sts:SourceIdentity': asked.sourceIdentity,
    'sts:TransitiveTagKeys': asked.tags.filter((tag) => tag.transitive).map(({ key }) => key),
    'aws:TagKeys': asked.tags.map(({ key }) => key),
    'aws:FederatedProvider': provider.arn,
    'aws:SourceIp': request.remoteAddress,
    'aws:CurrentTime': now.toISOString(),
    'aws:EpochTime': String(Math.floor(now.getTime() / 1000)),
    'aws:SecureTransport': 'false',
  }
  for (const { key, value } of asked.tags) values[`aws:RequestTag/${key}`] = value
  for (const [attribute, key] of LISTS) {
    values[`saml:${key}`] = assertion.attributes.get(attribute) ?? []
  }
  for (const [attribute, key] of STRINGS) {
    values[`saml:${key}`] ??= assertion.attributes.get(attribute)?.[0]
  }
  return conditionContext(values, ['aws:RequestTag/'])
}
