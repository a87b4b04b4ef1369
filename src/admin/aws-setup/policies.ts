import type { Role } from '../../entitlements/catalogue.ts'
import type { Value, ValueObject } from './setup.ts'

/** Which actions beside the first a role's settings need: AWS refuses the whole call where one is missing. */
function actionsFor(first: string, { session }: Pick<Role, 'session'>): readonly string[] {
  return [
    first,
    ...(Object.keys(session.tags).length > 0 ? ['sts:TagSession'] : []),
    ...(session.sourceIdentity === undefined ? [] : ['sts:SetSourceIdentity']),
  ]
}

function policy(...statements: readonly ValueObject[]): ValueObject {
  return { Version: '2012-10-17', Statement: statements }
}

/**
 * A principal whose credentials come from IAM Roles Anywhere carries a source identity, which stays through role chaining
 * and so needs its action at every role (IAM User Guide, "Monitor and control actions taken with assumed roles").
 */
function hubActions(role: Role, carriesSourceIdentity: boolean): readonly string[] {
  const actions = actionsFor('sts:AssumeRole', role)
  return carriesSourceIdentity ? [...new Set([...actions, 'sts:SetSourceIdentity'])] : actions
}

/** Trust in the principal that Postern runs as, with the external ID where one is configured. */
export function assumeRoleTrust(
  role: Role,
  principal: Value,
  carriesSourceIdentity: boolean,
): ValueObject {
  const { externalId } = role.session
  return policy({
    Effect: 'Allow',
    Principal: { AWS: principal },
    Action: hubActions(role, carriesSourceIdentity),
    ...(externalId !== undefined && {
      Condition: { StringEquals: { 'sts:ExternalId': externalId } },
    }),
  })
}

/** What the principal itself may do: these roles and no others. */
export function hubPolicy(roles: readonly Role[], carriesSourceIdentity: boolean): ValueObject {
  const actions = new Set(roles.flatMap((role) => hubActions(role, carriesSourceIdentity)))
  return policy({
    Effect: 'Allow',
    Action: [...actions],
    Resource: roles.map(({ arn }) => arn.arn),
  })
}

/**
 * Trust in a SAML provider, for responses that were sent to one address. `SAML:aud` holds the Recipient, not the audience
 * (IAM User Guide, "IAM and AWS STS condition context keys").
 */
export function samlTrust(role: Role, provider: Value, recipient: string): ValueObject {
  return policy({
    Effect: 'Allow',
    Principal: { Federated: provider },
    Action: actionsFor('sts:AssumeRoleWithSAML', role),
    Condition: { StringEquals: { 'SAML:aud': recipient } },
  })
}

/**
 * Trust in IAM Roles Anywhere, for one trust anchor and, where the certificate is known, for its subject or issuer alone.
 * Tags and source identity come with every certificate, so all three actions are needed (IAM Roles Anywhere User Guide,
 * "Trust policy").
 */
export function rolesAnywhereTrust(
  anchor: Value,
  tag: { readonly key: string; readonly value: string } | undefined,
): ValueObject {
  return policy({
    Effect: 'Allow',
    Principal: { Service: 'rolesanywhere.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    Condition: {
      ArnEquals: { 'aws:SourceArn': anchor },
      ...(tag && { StringEquals: { [`aws:PrincipalTag/${tag.key}`]: tag.value } }),
    },
  })
}

/** What the IAM user of a federation-token issuer needs beside the permissions that sessions are cut from. */
export function federationPolicy(
  partition: string,
  accountId: string,
  tagged: boolean,
): ValueObject {
  return policy({
    Effect: 'Allow',
    Action: ['sts:GetFederationToken', ...(tagged ? ['sts:TagSession'] : [])],
    Resource: `arn:${partition}:sts::${accountId}:federated-user/*`,
  })
}
