import type { Account, PolicyJson, Role, World } from './world.ts'

/** What the demo's federation rests on: known once the sandbox has its port and its keys. */
export interface DemoFederation {
  /** Where the demo's broker is, and this sandbox: `http://localhost:3000`, `http://localhost:3001`. */
  readonly brokerUrl: string
  readonly awsUrl: string
  readonly idpMetadata: string
  /** Of the provider that the broker itself plays; undefined as long as it doesn't. */
  readonly brokerMetadata: () => Promise<string | undefined>
  /** PEM of the certificate authority that Roles Anywhere trusts, and what it has revoked. */
  readonly authorities: string
  readonly revocationLists: string
}

/** The ARNs that somebody needs to try Roles Anywhere in the demo. */
export const DEMO_ROLES_ANYWHERE = {
  trustAnchorArn:
    'arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/0d3a1c8e-5a7b-4f0e-9a51-1f6f0c1d2e3a',
  profileArn:
    'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/7c9e6679-7425-40de-944b-e07fc1f90ae7',
  roleArn: 'arn:aws:iam::111111111111:role/Workload',
} as const

const REGION = 'eu-west-1'
const TWELVE_HOURS = 43_200
const CONSOLE_SIGN_IN = 'https://signin.aws.amazon.com/saml'

/** The demo's accounts with SAML providers, a trust anchor, and the roles that these open. */
export function withFederation(world: World, federation: DemoFederation): World {
  const { brokerUrl, awsUrl, idpMetadata, brokerMetadata } = federation
  const signIn = [CONSOLE_SIGN_IN, `${awsUrl}/saml`]
  const samlProviders = [
    { name: 'PosternDemo', metadata: idpMetadata },
    { name: 'Postern', metadata: brokerMetadata },
  ]
  const forwarded = [`${brokerUrl}/saml/*/acs`, ...signIn]
  const more = (id: string): Partial<Account> => {
    const analyst = trustsSaml(id, 'PosternDemo', forwarded)
    if (id !== '111111111111') {
      return { samlProviders, roles: [role('Analyst', 'AROAPOSTERNDEMO000006', analyst)] }
    }
    const roles = [
      role('Analyst', 'AROAPOSTERNDEMO000004', analyst),
      role('Billing', 'AROAPOSTERNDEMO000005', analyst),
      role('Operator', 'AROAPOSTERNDEMO000007', trustsSaml(id, 'Postern', signIn)),
      role('Workload', 'AROAPOSTERNDEMO000008', TRUSTS_ROLES_ANYWHERE),
    ]
    return { samlProviders, roles, ...rolesAnywhere(federation) }
  }
  const accounts = world.accounts.map((account) => {
    const { roles = [], ...rest } = more(account.id)
    return { ...account, ...rest, roles: [...(account.roles ?? []), ...roles] }
  })
  return { ...world, accounts }
}

function rolesAnywhere({
  authorities,
  revocationLists,
}: DemoFederation): Pick<Account, 'trustAnchors' | 'profiles'> {
  const { trustAnchorArn, profileArn, roleArn } = DEMO_ROLES_ANYWHERE
  const id = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1)
  const anchor = {
    id: id(trustAnchorArn),
    region: REGION,
    certificates: authorities,
    revocationLists,
  }
  const profile = {
    id: id(profileArn),
    region: REGION,
    roleArns: [roleArn],
    durationSeconds: TWELVE_HOURS,
    acceptRoleSessionName: true,
  }
  return { trustAnchors: [anchor], profiles: [profile] }
}

const TRUSTS_ROLES_ANYWHERE = policy({
  Effect: 'Allow',
  Principal: { Service: 'rolesanywhere.amazonaws.com' },
  Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
  Condition: { ArnEquals: { 'aws:SourceArn': DEMO_ROLES_ANYWHERE.trustAnchorArn } },
})

function trustsSaml(account: string, provider: string, recipients: readonly string[]): PolicyJson {
  return policy({
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::${account}:saml-provider/${provider}` },
    Action: ['sts:AssumeRoleWithSAML', 'sts:TagSession', 'sts:SetSourceIdentity'],
    // The Recipient of the response; a real policy names one address, without a wildcard.
    Condition: { StringLike: { 'SAML:aud': recipients } },
  })
}

function policy(statement: PolicyJson): PolicyJson {
  return { Version: '2012-10-17', Statement: [statement] }
}

function role(name: string, roleId: string, trustPolicy: PolicyJson): Role {
  return { name, roleId, maxSessionDuration: TWELVE_HOURS, trustPolicy }
}
