import type { Advice } from './advice.ts'

const assertionTooOld = /^Token must be redeemed/
const invalid = /^InvalidIdentityToken(?:Exception)?$/

/** Refusals of what an identity provider said, SAML or OpenID Connect. */
export const assertionAdvice: readonly Advice[] = [
  {
    code: /^ExpiredToken(?:Exception)?$/,
    message: assertionTooOld,
    says: 'The sign-in reached AWS too late: it takes an assertion for 5 minutes.',
    causes: ['More than 5 minutes passed since the sign-in, or a clock is wrong.'],
    remedies: [
      'Sign in again. If it stays, compare the clocks of Postern and of the identity provider.',
    ],
  },
  {
    code: /^ExpiredToken(?:Exception)?$/,
    message: /^Token expired:/,
    says: 'The sign-in has expired.',
    causes: ['The token of the identity provider is past its time.'],
    remedies: ['Sign in again.'],
  },
  {
    code: invalid,
    message: /provider doesn't exist|No OpenIDConnect provider found/i,
    says: 'AWS does not know the identity provider.',
    causes: ['The account of the role has no such provider in IAM, or its name differs.'],
    remedies: ['Create the provider in the account of the role, or correct its name.'],
  },
  {
    code: invalid,
    message: /Issuer not present|signature invalid/i,
    says: 'AWS could not verify who made the assertion.',
    causes: ['The provider in IAM holds old metadata: another issuer or another certificate.'],
    remedies: ["Upload the identity provider's current metadata to the provider in IAM."],
  },
  {
    code: invalid,
    message: /RoleSessionName|Source Identity/i,
    says: 'AWS refused a name in the assertion.',
    causes: [
      'RoleSessionName or SourceIdentity is missing or has characters that AWS does not take.',
    ],
    remedies: [
      'Correct the claim rules of the identity provider: 2 to 64 of A-Z a-z 0-9 _ + = , . @ -',
    ],
  },
  {
    code: invalid,
    message: /does not contain the required audience/i,
    says: 'The sign-in was made for somebody else than AWS.',
    causes: ['The audience that the identity provider names is not one of AWS.'],
    remedies: [
      'At the identity provider, set the audience of this relying party to urn:amazon:webservices.',
    ],
  },
  {
    code: invalid,
    message: /audience/i,
    says: 'The sign-in was made for somebody else than AWS.',
    causes: ['The audience is not one that the provider in IAM lists.'],
    remedies: ['Add the audience to the provider in IAM, or correct it at the identity provider.'],
  },
  {
    code: invalid,
    says: 'AWS could not read or verify the sign-in.',
    causes: ['The assertion or token is not what the provider in IAM expects.'],
    remedies: ["Compare AWS's message with the settings of the identity provider."],
  },
  {
    code: /^IDPRejectedClaim(?:Exception)?$/,
    says: 'The identity provider rejected the sign-in.',
    causes: ['The token was revoked or has expired.'],
    remedies: ['Sign in again.'],
  },
  {
    code: /^IDPCommunicationError(?:Exception)?$/,
    says: 'AWS could not reach the identity provider.',
    causes: ['The identity provider is down, or AWS has no way to it.'],
    remedies: [
      'Try again. If it stays, check that the identity provider can be reached from the internet.',
    ],
  },
]
