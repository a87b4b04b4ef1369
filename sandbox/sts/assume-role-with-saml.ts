import { parseRoleArn } from '../iam/arn.ts'
import type { StsAction, StsCall } from './action.ts'
import { credentialsXml, TOKEN_LIMIT, tokenSizeXml } from './credentials-xml.ts'
import { issueRoleSession } from './issue-role-session.ts'
import { packedPolicySize } from './packed-policy.ts'
import { Parameters } from './parameters.ts'
import { acceptAssertion } from './saml/accept-assertion.ts'
import { authorizeSaml } from './saml/authorize-saml.ts'
import { readAwsAttributes } from './saml/aws-attributes.ts'
import { notAuthorizedWithSaml } from './saml/refusals.ts'
import { isSamlProviderArn } from './saml/role-pairs.ts'
import { samlSeconds } from './saml/saml-duration.ts'
import { nameQualifier, shortFormat } from './saml/subject.ts'
import { checkSessionPolicy, readSessionPolicy, type SessionPolicy } from './session-policy.ts'
import { validationError } from './sts-error.ts'
import type { XmlFields } from './xml.ts'

interface SamlParameters {
  readonly roleArn: string
  readonly principalArn: string
  readonly samlAssertion: string
  readonly durationSeconds: number | undefined
  readonly policy: SessionPolicy
  readonly minimumTokenSize: number | undefined
}

/** AssumeRoleWithSAML: the assertion is the authentication, so a signature of the request is not looked at. */
export const assumeRoleWithSaml: StsAction = { name: 'AssumeRoleWithSAML', signed: false, run }

async function run(call: StsCall): Promise<XmlFields> {
  const { request, directory, now, switches } = call
  const { requestId } = request
  const { roleArn, principalArn, ...parameters } = readParameters(call.values)
  const bad = [
    ...(parseRoleArn(roleArn) === undefined ? [roleArn] : []),
    ...(isSamlProviderArn(principalArn) ? [] : [principalArn]),
  ]
  if (bad[0] !== undefined) throw validationError(`${bad[0]} is invalid`)
  checkSessionPolicy(parameters.policy)
  const provider = directory.samlProviders.find(principalArn)
  const assertion = await acceptAssertion(call, provider, parameters.samlAssertion, requestId)
  if (provider === undefined) throw notAuthorizedWithSaml()
  const asked = readAwsAttributes(assertion)
  const role = authorizeSaml(call, { roleArn, provider, assertion, asked, request })
  const { tags, sourceIdentity, roleSessionName } = asked
  // SessionDuration is meant for the console; here it can only shorten.
  const limits = [asked.sessionDuration]
  const durationSeconds = samlSeconds(parameters.durationSeconds, limits, role, assertion, now())
  const packed = packedPolicySize(parameters.policy, tags, switches.packedPolicyLimit)
  const session = issueRoleSession(call, {
    api: 'AssumeRoleWithSAML',
    requestId,
    origin: 'saml',
    role,
    roleSessionName,
    durationSeconds,
    sourceIdentity,
    tags,
    policy: parameters.policy,
    minimumTokenSize: parameters.minimumTokenSize,
  })
  return [
    ['SourceIdentity', sourceIdentity],
    ['Audience', assertion.recipient],
    [
      'AssumedRoleUser',
      [
        ['AssumedRoleId', session.assumedRoleId],
        ['Arn', session.arn],
      ],
    ],
    ['Credentials', credentialsXml(session.credentials)],
    ['PackedPolicySize', packed],
    ['Subject', assertion.subject.name],
    ['NameQualifier', nameQualifier(assertion.issuer, provider)],
    ['SubjectType', shortFormat(assertion.subject.format)],
    ['Issuer', assertion.issuer],
    ...tokenSizeXml(session.credentials),
  ]
}

function readParameters(values: ReadonlyMap<string, string>): SamlParameters {
  const parameters = new Parameters(values)
  const read = {
    roleArn: parameters.required('RoleArn', { min: 20, max: 2048 }),
    principalArn: parameters.required('PrincipalArn', { min: 20, max: 2048 }),
    samlAssertion: parameters.required('SAMLAssertion', { min: 4, max: 100_000 }),
    durationSeconds: parameters.integer('DurationSeconds', 900, 43_200),
    policy: readSessionPolicy(parameters),
    minimumTokenSize: parameters.integer('MinimumSessionTokenSize', 0, TOKEN_LIMIT),
  }
  parameters.check()
  return read
}
