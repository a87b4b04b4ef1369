/** Somebody who can sign in at the demo's identity provider, with a click. */
export interface IdpUser {
  /** What never changes about a person, and the persistent NameID. */
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly email: string
  readonly groups: readonly string[]
  /** Pairs of role and SAML provider in AWS, with a comma between. */
  readonly awsRoles: readonly string[]
  readonly department: string
}

const MAIN = 'arn:aws:iam::111111111111'
const OTHER = 'arn:aws:iam::222222222222'

/** Alice brings roles of her own, bob groups alone, carol nothing. */
export const demoUsers: readonly IdpUser[] = [
  {
    id: 'u-1001',
    name: 'alice',
    displayName: 'Alice Anders',
    email: 'alice@corp.example',
    groups: ['readers', 'admins'],
    awsRoles: [
      `${MAIN}:role/Analyst,${MAIN}:saml-provider/PosternDemo`,
      `${MAIN}:role/Billing,${MAIN}:saml-provider/PosternDemo`,
      `${OTHER}:role/Analyst,${OTHER}:saml-provider/PosternDemo`,
    ],
    department: 'Finance',
  },
  {
    id: 'u-1002',
    name: 'bob',
    displayName: 'Bob Baker',
    email: 'bob@corp.example',
    groups: ['readers'],
    awsRoles: [],
    department: 'Operations',
  },
  {
    id: 'u-1003',
    name: 'carol',
    displayName: 'Carol Clark',
    email: 'carol@corp.example',
    groups: [],
    awsRoles: [],
    department: 'Design',
  },
]
