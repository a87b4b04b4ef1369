import type { IdpUser } from './demo-users.ts'

const AWS = 'https://aws.amazon.com/SAML/Attributes/'
const EIGHT_HOURS = '28800'

/** What the identity provider says about somebody: plain names, and AWS's for those who have roles there. */
export function userAttributes(
  user: IdpUser,
): readonly (readonly [name: string, values: readonly string[]])[] {
  const plain = [
    ['username', [user.name]],
    ['displayName', [user.displayName]],
    ['email', [user.email]],
    ['groups', user.groups],
    ['department', [user.department]],
  ] as const
  if (user.awsRoles.length === 0) return plain
  return [
    ...plain,
    [`${AWS}Role`, user.awsRoles],
    [`${AWS}RoleSessionName`, [user.name]],
    [`${AWS}SourceIdentity`, [user.name]],
    [`${AWS}SessionDuration`, [EIGHT_HOURS]],
    [`${AWS}PrincipalTag:Department`, [user.department]],
  ]
}
