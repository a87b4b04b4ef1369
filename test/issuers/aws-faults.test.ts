import { STSServiceException } from '@aws-sdk/client-sts'
import { describe, expect, test } from 'vitest'
import { AwsRefused, AwsUnavailable } from '../../src/errors.ts'
import { failureOf } from '../../src/issuers/aws-faults.ts'

const target = { host: 'sts.eu-west-1.amazonaws.com', setting: 'aws.endpoints.sts' }

function said(status: number, code: string, message: string): STSServiceException {
  return new STSServiceException({
    name: code,
    message,
    $fault: status < 500 ? 'client' : 'server',
    $metadata: { httpStatusCode: status, requestId: 'aws-request-3' },
  })
}

const caller = 'User: arn:aws:iam::999999999999:user/postern is not authorized to perform:'
const role = 'on resource: arn:aws:iam::111111111111:role/ReadOnly'

/** Every refusal that AWS is known to make, and words that its explanation must hold. */
const refusals: readonly (readonly [number, string, string, RegExp])[] = [
  [403, 'AccessDenied', `${caller} sts:AssumeRole ${role}`, /trust policy.*external ID/s],
  [403, 'AccessDenied', `${caller} sts:TagSession ${role}`, /trust policy lacks sts:TagSession/],
  [403, 'AccessDenied', `${caller} sts:SetSourceIdentity ${role}`, /lacks sts:SetSourceIdentity/],
  [403, 'AccessDenied', 'Not authorized to perform sts:AssumeRoleWithSAML', /identity provider/],
  [
    403,
    'AccessDenied',
    'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    /identity provider/,
  ],
  [403, 'AccessDenied', 'Roles may not be assumed by root accounts.', /root user/],
  [403, 'AccessDenied', 'Cannot call GetFederationToken with session credentials', /temporary/],
  [403, 'AccessDenied', 'Something new', /policy/],
  [
    400,
    'ValidationError',
    "1 validation error detected: Value '20' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    /below 900 seconds/,
  ],
  [
    400,
    'ValidationError',
    "1 validation error detected: Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    /`sessionName`/,
  ],
  [
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the MaxSessionDuration set for this role.',
    /maximum session duration in IAM/,
  ],
  [
    400,
    'ValidationError',
    'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    /role chaining at 1 hour/,
  ],
  [400, 'ValidationError', 'arn:aws:iam::1:role/x is invalid', /partition/],
  [400, 'ValidationError', 'Something new', /configuration/],
  [
    400,
    'InvalidParameterValue',
    'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    /only in case/,
  ],
  [
    400,
    'InvalidParameterValue',
    'The specified transitive tag key must be included in the requested tags.',
    /`transitiveTagKeys`/,
  ],
  [
    400,
    'InvalidParameterValue',
    "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    /Rename the tag/,
  ],
  [
    400,
    'MalformedPolicyDocument',
    'The policy is not in the valid JSON format.',
    /`policy` of the role/,
  ],
  [400, 'MalformedPolicyDocumentException', 'Syntax errors in policy.', /`policy` of the role/],
  [400, 'PackedPolicyTooLarge', 'Packed policy consumes 118% of allotted space', /too large/],
  [400, 'InvalidIdentityToken', 'RoleSessionName is required in AuthnResponse', /claim rules/],
  [
    400,
    'InvalidIdentityToken',
    'Source Identity must match [a-zA-Z_0-9+=,.@-]{2,64} and not begin with "aws:"',
    /claim rules/,
  ],
  [400, 'InvalidIdentityToken', 'Response signature invalid', /metadata/],
  [
    400,
    'InvalidIdentityToken',
    "Specified provider doesn't exist (Service: AWSOpenIdDiscoveryService)",
    /Create the provider/,
  ],
  [400, 'InvalidIdentityToken', 'Issuer not present in specified provider', /metadata/],
  [
    400,
    'InvalidIdentityToken',
    'No OpenIDConnect provider found in your account for https://idp',
    /Create the provider/,
  ],
  [400, 'InvalidIdentityToken', 'Incorrect token audience', /audience/],
  [400, 'InvalidIdentityToken', 'The ID Token provided is not a valid JWT.', /read or verify/],
  [
    400,
    'ExpiredTokenException',
    'Token must be redeemed within 5 minutes of issuance',
    /5 minutes/,
  ],
  [
    400,
    'ExpiredTokenException',
    'Token expired: current date/time 1753382758 must be before the expiration date/time 1753089571',
    /Sign in again/,
  ],
  [403, 'IDPRejectedClaim', 'no', /Sign in again/],
  [400, 'IDPCommunicationError', 'no', /reach/],
  [
    403,
    'RegionDisabledException',
    'STS is not activated in this region for account:111111111111.',
    /activate STS/,
  ],
  [
    403,
    'InvalidClientTokenId',
    'The security token included in the request is invalid.',
    /partition of the role/,
  ],
  [403, 'ExpiredToken', 'The security token included in the request is expired', /Renew them/],
  [
    403,
    'SignatureDoesNotMatch',
    'The request signature we calculated does not match the signature you provided.',
    /secret access key/,
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'Signature expired: 20210502T144040Z is now earlier than 20210502T173143Z',
    /NTP/,
  ],
  [
    403,
    'SignatureDoesNotMatch',
    'Signature not yet current: 20210502T144040Z is still later than 20210502T173143Z',
    /NTP/,
  ],
  [
    403,
    'SignatureDoesNotMatch',
    "Credential should be scoped to a valid region, not 'us-west-1'.",
    /`region` of the role/,
  ],
  [400, 'IncompleteSignature', "Authorization header requires 'Credential' parameter.", /NO_PROXY/],
  [403, 'MissingAuthenticationToken', 'Request is missing Authentication Token', /NO_PROXY/],
  [400, 'InvalidAction', 'Could not find operation X for version Y', /not STS/],
  [418, 'SomethingNew', 'nobody knows', /SomethingNew/],
]

describe('a refusal of AWS', () => {
  test.each(refusals)('%i %s %s is explained', (status, code, message, words) => {
    const { error, retryable, fault } = failureOf(said(status, code, message), 'AssumeRole', target)
    if (!(error instanceof AwsRefused)) throw new Error(`not refused: ${error.name}`)
    expect(retryable).toBe(false)
    expect(error.causes.length).toBeGreaterThan(0)
    expect(error.remedies.length).toBeGreaterThan(0)
    expect([error.message, ...error.causes, ...error.remedies].join('\n')).toMatch(words)
    expect(fault).toEqual({
      operation: 'AssumeRole',
      status,
      code,
      message,
      requestId: 'aws-request-3',
    })
  })

  test.each(refusals)('%i %s %s is told in the voice of Postern', (status, code, message) => {
    const { error } = failureOf(said(status, code, message), 'AssumeRole', target)
    if (!(error instanceof AwsRefused)) throw new Error('not refused')
    for (const text of [error.message, ...error.causes, ...error.remedies]) {
      expect(text).toMatch(/[.@-]$/)
      expect(text).not.toMatch(/please|oops|sorry|!/i)
    }
  })

  test('has its words cut short and cleaned', () => {
    const { fault } = failureOf(
      said(403, 'AccessDenied', `a\r\n\u0000b${'x'.repeat(5000)}`),
      'AssumeRole',
      target,
    )
    expect(fault?.message.slice(0, 4)).toBe('a bx')
    expect(fault?.message).toHaveLength(1000)
  })

  test('loses a request ID that is none', () => {
    const error = said(403, 'AccessDenied', 'no')
    error.$metadata = { httpStatusCode: 403, requestId: 'a\nb' }
    expect(failureOf(error, 'AssumeRole', target).fault?.requestId).toBeUndefined()
  })
})

describe('a passing fault of AWS', () => {
  test.each([
    [400, 'Throttling', 'Rate exceeded'],
    [400, 'ThrottlingException', 'Rate exceeded'],
    [503, 'RequestLimitExceeded', 'slow'],
    [429, 'Whatever', 'slow'],
    [500, 'InternalFailure', 'oh'],
    [503, 'ServiceUnavailable', 'oh'],
  ])('%i %s may be tried again', (status, code, message) => {
    const { error, retryable } = failureOf(said(status, code, message), 'AssumeRole', target)
    expect(error).toBeInstanceOf(AwsUnavailable)
    expect(error.message).toContain('Try again')
    expect(retryable).toBe(true)
  })
})

describe('base credentials that can not be loaded', () => {
  function named(message: string): Error {
    const error = new Error(message)
    error.name = 'CredentialsProviderError'
    return error
  }

  test('are told with the words of the SDK where they are known to be harmless', () => {
    const text =
      'Could not resolve credentials using profile: [hub] in configuration/credentials file(s).'
    const { error, retryable } = failureOf(named(text), 'AssumeRole', target)
    expect(error).toHaveProperty('fault.message', text)
    expect(retryable).toBe(false)
  })

  test('are told without what a credential_process printed', () => {
    const { error } = failureOf(
      named('Command failed: /bin/x --secret hunter2'),
      'AssumeRole',
      target,
    )
    expect(JSON.stringify(error)).not.toContain('hunter2')
    expect(error.message).toContain('no AWS credentials of its own')
  })
})
