import type { Config } from '../../config/config.ts'
import type {
  AssumeRoleConfig,
  AssumeRoleWithSamlConfig,
  IssuerConfig,
  RolesAnywhereConfig,
} from '../../config/issuer-config.ts'
import type { Role } from '../../entitlements/catalogue.ts'
import { partitionSignIn } from '../../issuers/saml-provider/partition-sign-in.ts'
import {
  assumeRoleTrust,
  federationPolicy,
  hubPolicy,
  rolesAnywhereTrust,
  samlTrust,
} from './policies.ts'
import {
  type AccountSetup,
  logicalName,
  type Reference,
  type SetupParameter,
  type SetupResource,
  type SetupRole,
  type Value,
  type ValueObject,
} from './setup.ts'

/** What a setup needs of keys and certificates, read before. */
export interface IssuerMaterial {
  /** PEM of the certificates that a trust anchor is made of; undefined where the CA is somebody else's. */
  readonly anchorCertificates?: string | undefined
  /** PEM of the CA's revocation list. */
  readonly revocationList?: string | undefined
  /** The tag that AWS makes of the certificate and that a trust policy can ask for. */
  readonly tag?: { readonly key: string; readonly value: string } | undefined
  /** Postern's own SAML metadata. */
  readonly metadata?: string | undefined
}

/** One part of an account's setup: of an issuer and the account's roles with it. */
interface Part {
  readonly accountId: string
  readonly parameters?: readonly SetupParameter[]
  readonly resources: readonly SetupResource[]
  readonly notes?: readonly string[]
}

/** What each account needs for the configured roles and issuers, least privilege. */
export function accountSetups(
  config: Config,
  material: ReadonlyMap<string, IssuerMaterial>,
): readonly AccountSetup[] {
  const parts = [...config.issuers].flatMap(([name, issuer]) => {
    const roles = [...config.roles.values()].filter((role) => role.issuer === name)
    return partsOf(name, issuer, roles, material.get(name) ?? {}, config)
  })
  const byAccount = Map.groupBy(parts, ({ accountId }) => accountId)
  const partition = [...config.roles.values()][0]?.arn.partition ?? 'aws'
  return [...byAccount].map(([accountId, own]) => ({
    accountId,
    partition,
    parameters: unique(own.flatMap(({ parameters = [] }) => parameters)),
    resources: unique(own.flatMap(({ resources }) => resources)),
    notes: [...new Set(own.flatMap(({ notes = [] }) => notes))],
  }))
}

function unique<Named extends { readonly name: string }>(all: readonly Named[]): readonly Named[] {
  return [...new Map(all.map((one) => [one.name, one])).values()]
}

function partsOf(
  name: string,
  issuer: IssuerConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
  config: Config,
): readonly Part[] {
  const groups = Map.groupBy(roles, ({ account }) => account.id)
  switch (issuer.type) {
    case 'assume-role':
      return assumeRoleParts(name, issuer, roles, material)
    case 'roles-anywhere':
      return [rolesAnywherePart(name, issuer, roles, material)]
    case 'assume-role-with-saml':
      return [...groups].map(([accountId, own]) =>
        samlPart(accountId, name, issuer, own, material, config),
      )
    case 'federation-token':
      return [...groups].map(([accountId, own]) => federationPart(accountId, name, own))
  }
}

function assumeRoleParts(
  name: string,
  { source }: AssumeRoleConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
): readonly Part[] {
  const parameter = {
    name: logicalName(name, 'PrincipalArn'),
    description: `ARN of the role or user that Postern runs as, for the issuer ${name}.`,
  }
  const own = source.type === 'roles-anywhere' ? source : undefined
  const principal: Value = own ? own.roleArn : { to: 'parameter', name: parameter.name }
  const trusting = [...Map.groupBy(roles, ({ account }) => account.id)].map(
    ([accountId, group]): Part => ({
      accountId,
      parameters: own ? [] : [parameter],
      resources: group.map((role) =>
        roleResource(role, assumeRoleTrust(role, principal, own !== undefined)),
      ),
    }),
  )
  if (own) return [...trusting, hubPart(name, own, hubPolicy(roles, true), material)]
  const [first] = trusting
  if (!first) return []
  const document = hubPolicy(roles, false)
  const policyName = `Postern-${name}`
  const resources: readonly SetupResource[] = [
    { kind: 'policy', name: logicalName(name, 'Policy'), policyName, document },
  ]
  const notes = [
    `Attach the policy ${policyName} to the principal that Postern runs as; if that is in another account, create it there.`,
  ]
  return [...trusting, { accountId: first.accountId, resources, notes }]
}

/** The role that Postern itself takes with its certificate, with anchor and profile. */
function hubPart(
  name: string,
  place: { readonly trustAnchorArn: string; readonly roleArn: string },
  policy: ValueObject,
  material: IssuerMaterial,
): Part {
  const [, , , , accountId = ''] = place.trustAnchorArn.split(':')
  const [, path = '', roleName = ''] = /:role(\/(?:.*\/)?)([^/]+)$/.exec(place.roleArn) ?? []
  const { anchor, part } = anchorPart(accountId, name, material)
  const role: SetupRole = {
    kind: 'role',
    name: logicalName('Role', roleName),
    path,
    roleName,
    maxSessionDuration: 3600,
    trust: rolesAnywhereTrust(anchor, material.tag),
    policy,
  }
  const profile: SetupResource = {
    kind: 'profile',
    name: logicalName(name, 'Profile'),
    profileName: `postern-${name}`,
    roles: [{ to: 'role', name: role.name }],
    durationSeconds: 3600,
    acceptRoleSessionName: false,
  }
  return { ...part, resources: [...part.resources, role, profile] }
}

function rolesAnywherePart(
  name: string,
  issuer: RolesAnywhereConfig,
  roles: readonly Role[],
  material: IssuerMaterial,
): Part {
  const [, , , , accountId = ''] = issuer.trustAnchorArn.split(':')
  const { anchor, part } = anchorPart(accountId, name, material)
  const made = roles.map((role) => roleResource(role, rolesAnywhereTrust(anchor, material.tag)))
  const profile: SetupResource = {
    kind: 'profile',
    name: logicalName(name, 'Profile'),
    profileName: `postern-${name}`,
    roles: made.map((role): Reference => ({ to: 'role', name: role.name })),
    durationSeconds: Math.max(3600, ...roles.map(({ durations }) => durations.credentials.max)),
    acceptRoleSessionName: issuer.sendSessionName,
  }
  return { ...part, resources: [...part.resources, ...made, profile] }
}

/** The trust anchor, with a parameter for certificates that Postern does not have. */
function anchorPart(
  accountId: string,
  name: string,
  { anchorCertificates, revocationList }: IssuerMaterial,
): { readonly anchor: Reference; readonly part: Part } {
  const parameter = {
    name: logicalName(name, 'AuthorityPem'),
    description: `Certificate in PEM of the CA that issued the certificate of ${name}.`,
  }
  const anchor: Reference = { to: 'trust-anchor', name: logicalName(name, 'TrustAnchor') }
  const given = anchorCertificates
  const certificates: Value = given ?? { to: 'parameter', name: parameter.name }
  const anchorName = `postern-${name}`
  const list: readonly SetupResource[] =
    revocationList === undefined
      ? []
      : [
          {
            kind: 'revocation-list',
            name: logicalName(name, 'RevocationList'),
            anchor,
            list: revocationList,
          },
        ]
  const part = {
    accountId,
    parameters: given === undefined ? [parameter] : [],
    resources: [
      { kind: 'trust-anchor', name: anchor.name, anchorName, certificates } as const,
      ...list,
    ],
    notes: [
      `Set trustAnchorArn and profileArn of ${name} in the configuration to what this creates.`,
    ],
  }
  return { anchor, part }
}

function samlPart(
  accountId: string,
  name: string,
  { assertions }: AssumeRoleWithSamlConfig,
  roles: readonly Role[],
  { metadata }: IssuerMaterial,
  { publicUrl, aws }: Config,
): Part {
  const provider: Reference = { to: 'saml-provider', name: logicalName(name, 'SamlProvider') }
  const isOwn = assertions.from === 'identity-provider'
  const recipientFor = (role: Role): string =>
    isOwn
      ? partitionSignIn(role.arn.partition, aws.endpoints.saml).recipient
      : `${publicUrl}/saml/${assertions.method}/acs`
  const parameter = {
    name: logicalName(name, 'Metadata'),
    description: isOwn
      ? `Metadata of Postern, from ${publicUrl}/saml/aws/metadata.`
      : `Metadata of the identity provider behind the sign-in method ${assertions.method}.`,
  }
  const given = isOwn ? metadata : undefined
  return {
    accountId,
    parameters: given === undefined ? [parameter] : [],
    resources: [
      {
        kind: 'saml-provider',
        name: provider.name,
        providerName: isOwn ? assertions.name : `postern-${assertions.method}`,
        metadata: given ?? { to: 'parameter', name: parameter.name },
      },
      ...roles.map((role) => roleResource(role, samlTrust(role, provider, recipientFor(role)))),
    ],
    notes: isOwn
      ? ['Upload the metadata of Postern to the SAML provider anew before a key is rotated.']
      : [
          `At the identity provider, set up a relying party with the audience urn:amazon:webservices and the recipient ${publicUrl}/saml/${assertions.method}/acs.`,
        ],
  }
}

function federationPart(accountId: string, name: string, roles: readonly Role[]): Part {
  const [role] = roles
  const partition = role?.arn.partition ?? 'aws'
  const tagged = roles.some(({ session }) => Object.keys(session.tags).length > 0)
  const policyName = `Postern-${name}`
  return {
    accountId,
    resources: [
      {
        kind: 'policy',
        name: logicalName(name, 'Policy'),
        policyName,
        document: federationPolicy(partition, accountId, tagged),
      },
    ],
    notes: [
      `Attach the policy ${policyName} to the IAM user of ${name}, which also needs everything that its sessions may do.`,
    ],
  }
}

/** A role of people's. Its permissions are the administrator's to attach; here is who may take it, and for how long. */
function roleResource(role: Role, trust: ValueObject): SetupRole {
  const { name, path } = role.arn
  const longest = Math.max(3600, role.durations.credentials.max)
  return {
    kind: 'role',
    name: logicalName('Role', ...path.split('/'), name),
    path,
    roleName: name,
    maxSessionDuration: longest,
    trust,
  }
}
