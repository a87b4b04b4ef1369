import type { Advice } from './advice.ts'

const code = /^AccessDenied(?:Exception)?$/

/** Refusals that a trust policy, or a policy of Postern's own principal, explains. The specific come first. */
export const trustAdvice: readonly Advice[] = [
  {
    code,
    message: /perform: sts:TagSession on resource: \S+:federated-user\//,
    says: 'AWS refused the federation token, because the IAM user may not set session tags.',
    causes: ["The policy of Postern's IAM user lacks sts:TagSession."],
    remedies: [
      'Add sts:TagSession beside sts:GetFederationToken in the policy of the IAM user.',
      'Or remove the tags from this role in the configuration.',
    ],
  },
  {
    code,
    message: /perform: sts:GetFederationToken\b/,
    says: 'AWS does not let Postern get federation tokens.',
    causes: ["The policy of Postern's IAM user lacks sts:GetFederationToken."],
    remedies: ['Attach the policy that postern-server aws-setup prints to the IAM user.'],
  },
  {
    code,
    message: /perform: sts:TagSession\b/,
    says: 'AWS refused the role session, because Postern may not set session tags on this role.',
    causes: [
      "The role's trust policy lacks sts:TagSession for Postern's principal.",
      "The policy of Postern's own principal lacks sts:TagSession, which it needs for a role in another account.",
    ],
    remedies: [
      "Add sts:TagSession beside sts:AssumeRole in the role's trust policy.",
      'Or remove the tags from this role in the configuration.',
    ],
  },
  {
    code,
    message: /perform: sts:SetSourceIdentity\b/,
    says: 'AWS refused the role session, because Postern may not set a source identity on this role.',
    causes: [
      "The role's trust policy lacks sts:SetSourceIdentity for Postern's principal.",
      "The policy of Postern's own principal lacks sts:SetSourceIdentity, which it needs for a role in another account.",
    ],
    remedies: [
      "Add sts:SetSourceIdentity beside sts:AssumeRole in the role's trust policy.",
      'Or remove the source identity from this role in the configuration.',
    ],
  },
  {
    code,
    message: /perform: sts:AssumeRole on resource|perform sts:AssumeRole$/,
    says: 'AWS does not let Postern assume this role.',
    causes: [
      "The role's trust policy does not name Postern's principal, or a condition in it is not met: most often the external ID.",
      "The policy of Postern's own principal does not allow sts:AssumeRole on this role, which it needs for a role in another account.",
      'There is no role of that name in the account. AWS answers the same then.',
      'A service control policy denies it.',
    ],
    remedies: [
      "In the role's trust policy, allow sts:AssumeRole to the principal that AWS names.",
      'Compare the external ID in the trust policy with the one of this role in the configuration.',
      'Check account, path and name of the role; AWS minds upper and lower case.',
    ],
  },
  {
    code,
    message: /assumed by root accounts/,
    says: "AWS does not let an account's root user assume roles, and Postern runs with root credentials.",
    causes: ['The credentials that Postern runs with are those of a root user.'],
    remedies: [
      'Give Postern the credentials of an IAM role or user, and delete the root access key.',
    ],
  },
  {
    code,
    message: /Cannot call GetFederationToken with session credentials/,
    says: 'AWS gives federation tokens only to the long-term keys of an IAM user.',
    causes: ['The credentials that Postern runs with are temporary.'],
    remedies: ['Use an issuer that assumes a role.'],
  },
  {
    code,
    message: /perform sts:AssumeRoleWith(?:SAML|WebIdentity)/,
    says: 'AWS does not accept this sign-in for the role.',
    causes: [
      "The role's trust policy names another identity provider, or a condition in it is not met: most often SAML:aud, which holds the recipient.",
      'The assertion carries session tags or a source identity, and the trust policy lacks sts:TagSession or sts:SetSourceIdentity.',
      'The assertion has no NameID, or there is no role of that name in the account.',
    ],
    remedies: [
      "Check provider, SAML:aud and actions in the role's trust policy.",
      'Check account, path and name of the role.',
    ],
  },
  {
    code,
    says: 'AWS refused the role session.',
    causes: [
      "The role's trust policy, a policy of Postern's own principal or a service control policy denies it.",
    ],
    remedies: ["Compare AWS's message with those policies."],
  },
]
