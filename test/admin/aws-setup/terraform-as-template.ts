import { z } from 'zod'

const bodies = z.record(z.string(), z.record(z.string(), z.unknown()))
const configuration = z.object({
  variable: z.record(z.string(), z.object({ description: z.string() })).default({}),
  resource: z.record(z.string(), bodies),
})

interface Resource {
  readonly Type: string
  readonly Properties: Readonly<Record<string, unknown>>
}

/** What a postern.tf.json says, in the words of a CloudFormation template. */
export function terraformAsTemplate(text: string) {
  const { variable, resource } = configuration.parse(JSON.parse(text))
  const policies = resource['aws_iam_role_policy'] ?? {}
  const named = Object.entries(resource).flatMap(([type, all]) =>
    Object.entries(all).map(([name, body]): [string, Resource] | undefined =>
      type === 'aws_iam_role_policy' ? undefined : [name, translated(type, body, policies[name])],
    ),
  )
  return {
    Parameters: Object.fromEntries(
      Object.entries(variable).map(([name, { description }]) => [
        name,
        { Type: 'String', Description: description },
      ]),
    ),
    Resources: Object.fromEntries(named.filter((one) => one !== undefined)),
  }
}

type Body = Readonly<Record<string, unknown>>

function translated(type: string, body: Body, policy: Body | undefined): Resource {
  const to = (name: string, properties: Body): Resource => ({
    Type: name,
    Properties: Object.fromEntries(
      Object.entries(properties).filter(([, value]) => value !== undefined),
    ),
  })
  switch (type) {
    case 'aws_iam_role':
      return to('AWS::IAM::Role', {
        RoleName: body['name'],
        Path: body['path'],
        MaxSessionDuration: body['max_session_duration'],
        AssumeRolePolicyDocument: json(body['assume_role_policy']),
        Policies: policy && [
          { PolicyName: policy['name'], PolicyDocument: json(policy['policy']) },
        ],
      })
    case 'aws_iam_policy':
      return to('AWS::IAM::ManagedPolicy', {
        ManagedPolicyName: body['name'],
        PolicyDocument: json(body['policy']),
      })
    case 'aws_iam_saml_provider':
      return to('AWS::IAM::SAMLProvider', {
        Name: body['name'],
        SamlMetadataDocument: references(body['saml_metadata_document']),
      })
    case 'aws_rolesanywhere_trust_anchor': {
      const [source] = z
        .array(z.object({ source_type: z.string(), source_data: z.array(bodies.valueType) }))
        .parse(body['source'])
      return to('AWS::RolesAnywhere::TrustAnchor', {
        Name: body['name'],
        Enabled: body['enabled'],
        Source: {
          SourceType: source?.source_type,
          SourceData: {
            X509CertificateData: references(source?.source_data[0]?.['x509_certificate_data']),
          },
        },
      })
    }
    case 'aws_rolesanywhere_profile':
      return to('AWS::RolesAnywhere::Profile', {
        Name: body['name'],
        Enabled: body['enabled'],
        DurationSeconds: body['duration_seconds'],
        AcceptRoleSessionName: body['accept_role_session_name'],
        RoleArns: references(body['role_arns']),
        SessionPolicy: references(body['session_policy']),
        ManagedPolicyArns: body['managed_policy_arns'],
      })
    case 'aws_cloudcontrolapi_resource':
      return to(
        String(body['type_name']),
        z.record(z.string(), z.unknown()).parse(json(body['desired_state'])),
      )
    default:
      throw new Error(`no translation for ${type}`)
  }
}

const json = (text: unknown): unknown => references(JSON.parse(String(text)))

/** Terraform's references as Ref and GetAtt; `$${` is what it writes for `${`. */
function references(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(references)
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, references(item)]))
  if (typeof value !== 'string') return value
  const [, variable] = /^\$\{var\.(\w+)\}$/.exec(value) ?? []
  if (variable !== undefined) return { Ref: variable }
  const [, type, name = ''] = /^\$\{(aws_\w+)\.(\w+)\.arn\}$/.exec(value) ?? []
  if (type === 'aws_iam_saml_provider') return { Ref: name }
  if (type === 'aws_iam_role') return { 'Fn::GetAtt': [name, 'Arn'] }
  if (type !== undefined) return { 'Fn::GetAtt': [name, 'TrustAnchorArn'] }
  return value.replaceAll('$${', '${').replaceAll('%%{', '%{')
}
