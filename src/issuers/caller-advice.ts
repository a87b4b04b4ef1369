import type { Advice } from './advice.ts'

const signature = /^SignatureDoesNotMatch$/

/** Refusals of the caller: Postern's own credentials, its clock, its region and its endpoint. */
export const callerAdvice: readonly Advice[] = [
  {
    code: /^RegionDisabledException$/,
    says: 'AWS has STS switched off in this region for the account of the role.',
    causes: ["The region is opt-in, or was deactivated in the account's settings."],
    remedies: [
      'Set another `region` for the role, or activate STS for the region in the IAM console of that account.',
    ],
  },
  {
    code: /^(?:InvalidClientTokenId|UnrecognizedClientException)$/,
    says: 'AWS does not know the credentials that Postern runs with.',
    causes: [
      'The access key was deleted or deactivated, or the session token does not belong to it.',
      'The key is of another partition than the role: credentials of aws mean nothing in aws-cn or aws-us-gov.',
      'The key is temporary and of an older kind that this region does not take.',
    ],
    remedies: ['Give the issuer credentials that are valid in the partition of the role.'],
  },
  {
    code: /^ExpiredToken(?:Exception)?$/,
    message: /^(?!Token must be redeemed|Token expired:)/,
    says: 'The credentials that Postern runs with have expired.',
    causes: ['They are temporary, and whatever renews them has stopped.'],
    remedies: [
      'Renew them, or give Postern credentials that the SDK renews: an instance profile, a container role or credential_process.',
    ],
  },
  {
    code: signature,
    message: /Signature (?:expired|not yet current)/i,
    says: "AWS refused the request, because Postern's clock is wrong.",
    causes: ['The clock of this machine differs from that of AWS by more than 15 minutes.'],
    remedies: ['Let NTP set the clock of the machine that Postern runs on.'],
  },
  {
    code: signature,
    message: /Credential should be scoped|Date in Credential scope/i,
    says: 'AWS refused the request, because it was signed for another region or service.',
    causes: ['The endpoint under `aws.endpoints.sts` is not one of the region that the role uses.'],
    remedies: [
      'Set the `region` of the role to that of the endpoint, or remove `aws.endpoints.sts`.',
    ],
  },
  {
    code: signature,
    says: "AWS refused Postern's signature.",
    causes: [
      'The secret access key that Postern runs with does not belong to its access key ID.',
      'A proxy on the way changes the request.',
    ],
    remedies: ['Enter the secret access key anew. Let the proxy pass requests to AWS as they are.'],
  },
  {
    code: /^(?:IncompleteSignature|MissingAuthenticationToken)$/,
    says: 'The request reached AWS without its signature.',
    causes: ['A proxy on the way removes or changes the Authorization header.'],
    remedies: ['Let the proxy pass requests to AWS as they are, or add AWS to NO_PROXY.'],
  },
  {
    code: /^InvalidAction$/,
    says: 'The endpoint does not know the operation, so it is not STS.',
    causes: ['`aws.endpoints.sts` points to another service.'],
    remedies: ['Correct `aws.endpoints.sts`, or remove it.'],
  },
]
