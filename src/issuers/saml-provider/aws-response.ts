import { assertionNs, bearer, protocolNs, successStatus } from '../../identity/saml/saml-names.ts'
import { formatInstant } from '../../identity/saml/saml-instant.ts'
import { escapeXml } from '../../identity/saml/xml/xml-characters.ts'

/** What the assertion says; every value was decided, none comes from a request. */
export interface AwsResponse {
  readonly responseId: string
  readonly assertionId: string
  readonly issuer: string
  readonly recipient: string
  readonly audience: string
  /** The person, immutable. */
  readonly subject: string
  readonly roleArn: string
  readonly providerArn: string
  readonly roleSessionName: string
  /** Seconds. */
  readonly sessionDuration: number
  readonly sourceIdentity: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly now: Date
}

/** Milliseconds: AWS takes an assertion for five minutes. */
const life = 5 * 60_000
/** Milliseconds before now, for a clock at AWS that is behind ours. */
const backwards = 60_000

const attributePrefix = 'https://aws.amazon.com/SAML/Attributes/'
const persistent = 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent'
const basicNames = 'urn:oasis:names:tc:SAML:2.0:attrname-format:uri'

/** A response for AWS, not yet signed (AWS IAM User Guide, "Configure SAML assertions for the authentication response"). */
export function awsResponse(given: AwsResponse): string {
  const at = given.now.getTime()
  const now = formatInstant(at)
  const end = formatInstant(at + life)
  const issuer = `<saml:Issuer>${escapeXml(given.issuer)}</saml:Issuer>`
  return [
    `<samlp:Response xmlns:samlp="${protocolNs}" xmlns:saml="${assertionNs}"`,
    ` ID="${escapeXml(given.responseId)}" Version="2.0" IssueInstant="${now}"`,
    ` Destination="${escapeXml(given.recipient)}">`,
    issuer,
    `<samlp:Status><samlp:StatusCode Value="${successStatus}"/></samlp:Status>`,
    `<saml:Assertion xmlns:saml="${assertionNs}" ID="${escapeXml(given.assertionId)}"`,
    ` Version="2.0" IssueInstant="${now}">`,
    issuer,
    `<saml:Subject><saml:NameID Format="${persistent}">${escapeXml(given.subject)}</saml:NameID>`,
    `<saml:SubjectConfirmation Method="${bearer}"><saml:SubjectConfirmationData`,
    ` NotOnOrAfter="${end}" Recipient="${escapeXml(given.recipient)}"/>`,
    `</saml:SubjectConfirmation></saml:Subject>`,
    `<saml:Conditions NotBefore="${formatInstant(at - backwards)}" NotOnOrAfter="${end}">`,
    `<saml:AudienceRestriction><saml:Audience>${escapeXml(given.audience)}</saml:Audience>`,
    `</saml:AudienceRestriction></saml:Conditions>`,
    `<saml:AuthnStatement AuthnInstant="${now}" SessionIndex="${escapeXml(given.assertionId)}">`,
    `<saml:AuthnContext><saml:AuthnContextClassRef>`,
    `urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified`,
    `</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement>`,
    `<saml:AttributeStatement>${attributes(given)}</saml:AttributeStatement>`,
    `</saml:Assertion></samlp:Response>`,
  ].join('')
}

function attributes(given: AwsResponse): string {
  const { sourceIdentity, tags, transitiveTagKeys } = given
  return [
    attribute('Role', [`${given.roleArn},${given.providerArn}`]),
    attribute('RoleSessionName', [given.roleSessionName]),
    attribute('SessionDuration', [String(given.sessionDuration)]),
    ...(sourceIdentity === undefined ? [] : [attribute('SourceIdentity', [sourceIdentity])]),
    ...Object.entries(tags).map(([key, value]) => attribute(`PrincipalTag:${key}`, [value])),
    ...(transitiveTagKeys.length === 0 ? [] : [attribute('TransitiveTagKeys', transitiveTagKeys)]),
  ].join('')
}

function attribute(name: string, values: readonly string[]): string {
  const written = values
    .map((value) => `<saml:AttributeValue>${escapeXml(value)}</saml:AttributeValue>`)
    .join('')
  return `<saml:Attribute Name="${escapeXml(attributePrefix + name)}" NameFormat="${basicNames}">${written}</saml:Attribute>`
}
