import {
  type AccountSetup,
  type Reference,
  type SetupResource,
  type Value,
  written,
} from './setup.ts'

/** The setup as Terraform configuration in its JSON syntax, for a file `postern.tf.json`. */
export function terraform(setup: AccountSetup): string {
  const { parameters, resources } = setup
  const byType = Map.groupBy(resources.flatMap(blocksOf), ({ type }) => type)
  const configuration = {
    ...(parameters.length > 0 && {
      variable: Object.fromEntries(
        parameters.map(({ name, description }) => [name, { type: 'string', description }]),
      ),
    }),
    resource: Object.fromEntries(
      [...byType].map(([type, blocks]) => [
        type,
        Object.fromEntries(blocks.map(({ name, body }) => [name, body])),
      ]),
    ),
  }
  return `${JSON.stringify(configuration, undefined, 2)}\n`
}

const types = {
  role: 'aws_iam_role',
  policy: 'aws_iam_policy',
  'saml-provider': 'aws_iam_saml_provider',
  'trust-anchor': 'aws_rolesanywhere_trust_anchor',
  profile: 'aws_rolesanywhere_profile',
} as const

/** A sequence that Terraform would take for a template of its own (Terraform, "JSON Configuration Syntax"). */
function literal(text: string): string {
  return text.replaceAll('${', '$${').replaceAll('%{', '%%{')
}

function reference({ to, name }: Reference): string {
  return to === 'parameter' ? `\${var.${name}}` : `\${${types[to]}.${name}.arn}`
}

const plain = (value: Value): unknown => written(value, { text: literal, reference })

function document(value: Value): string {
  return JSON.stringify(plain(value))
}

interface Block {
  readonly type: string
  readonly name: string
  readonly body: object
}

/** A policy of a role is a resource of its own. */
function blocksOf(resource: SetupResource): readonly Block[] {
  if (resource.kind !== 'role' || !resource.policy) return [block(resource)]
  const { name, policy } = resource
  const role = `\${${types.role}.${name}.id}`
  const body = { name: 'Postern', role, policy: document(policy) }
  return [block(resource), { type: 'aws_iam_role_policy', name, body }]
}

function block(resource: SetupResource): Block {
  const { name } = resource
  switch (resource.kind) {
    case 'role':
      return {
        type: types.role,
        name,
        body: {
          name: resource.roleName,
          path: resource.path,
          max_session_duration: resource.maxSessionDuration,
          assume_role_policy: document(resource.trust),
        },
      }
    case 'policy':
      return {
        type: types.policy,
        name,
        body: { name: resource.policyName, policy: document(resource.document) },
      }
    case 'saml-provider':
      return {
        type: types['saml-provider'],
        name,
        body: { name: resource.providerName, saml_metadata_document: plain(resource.metadata) },
      }
    case 'trust-anchor':
      return {
        type: types['trust-anchor'],
        name,
        body: {
          name: resource.anchorName,
          enabled: true,
          source: [
            {
              source_type: 'CERTIFICATE_BUNDLE',
              source_data: [{ x509_certificate_data: plain(resource.certificates) }],
            },
          ],
        },
      }
    case 'revocation-list':
      // The provider for AWS has no resource of its own for it, but one for everything that CloudFormation knows.
      return {
        type: 'aws_cloudcontrolapi_resource',
        name,
        body: {
          type_name: 'AWS::RolesAnywhere::CRL',
          desired_state: JSON.stringify({
            Name: name,
            Enabled: true,
            CrlData: literal(resource.list),
            TrustAnchorArn: reference(resource.anchor),
          }),
        },
      }
    case 'profile':
      return {
        type: types.profile,
        name,
        body: {
          name: resource.profileName,
          enabled: true,
          duration_seconds: resource.durationSeconds,
          accept_role_session_name: resource.acceptRoleSessionName,
          role_arns: resource.roles.map(reference),
          ...(resource.sessionPolicy !== undefined && {
            session_policy: literal(resource.sessionPolicy),
          }),
          ...(resource.managedPolicyArns?.length && {
            managed_policy_arns: resource.managedPolicyArns,
          }),
        },
      }
  }
}
