import { stringify } from 'yaml'
import {
  type AccountSetup,
  type Reference,
  type SetupResource,
  type Value,
  written,
} from './setup.ts'

/** The setup as a CloudFormation template in YAML. */
export function cloudFormation(setup: AccountSetup): string {
  const { accountId, parameters, resources } = setup
  const template = {
    AWSTemplateFormatVersion: '2010-09-09',
    Description: `What Postern needs in the account ${accountId}.`,
    ...(parameters.length > 0 && {
      Parameters: Object.fromEntries(
        parameters.map(({ name, description }) => [
          name,
          { Type: 'String', Description: description },
        ]),
      ),
    }),
    Resources: Object.fromEntries(resources.map((resource) => [resource.name, block(resource)])),
  }
  return stringify(template, { lineWidth: 0, aliasDuplicateObjects: false })
}

const plain = (value: Value): unknown => written(value, { text: (text) => text, reference })

/** AWS CloudFormation Template Reference, "AWS::RolesAnywhere::TrustAnchor" and the others: what Ref and GetAtt return. */
function reference({ to, name }: Reference): unknown {
  if (to === 'parameter' || to === 'saml-provider') return { Ref: name }
  return { 'Fn::GetAtt': [name, to === 'role' ? 'Arn' : 'TrustAnchorArn'] }
}

function block(resource: SetupResource): object {
  switch (resource.kind) {
    case 'role':
      return {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: resource.roleName,
          Path: resource.path,
          MaxSessionDuration: resource.maxSessionDuration,
          AssumeRolePolicyDocument: plain(resource.trust),
          ...(resource.policy && {
            Policies: [{ PolicyName: 'Postern', PolicyDocument: plain(resource.policy) }],
          }),
        },
      }
    case 'policy':
      return {
        Type: 'AWS::IAM::ManagedPolicy',
        Properties: {
          ManagedPolicyName: resource.policyName,
          PolicyDocument: plain(resource.document),
        },
      }
    case 'saml-provider':
      return {
        Type: 'AWS::IAM::SAMLProvider',
        Properties: { Name: resource.providerName, SamlMetadataDocument: plain(resource.metadata) },
      }
    case 'trust-anchor':
      return {
        Type: 'AWS::RolesAnywhere::TrustAnchor',
        Properties: {
          Name: resource.anchorName,
          Enabled: true,
          Source: {
            SourceType: 'CERTIFICATE_BUNDLE',
            SourceData: { X509CertificateData: plain(resource.certificates) },
          },
        },
      }
    case 'revocation-list':
      return {
        Type: 'AWS::RolesAnywhere::CRL',
        Properties: {
          Name: resource.name,
          Enabled: true,
          CrlData: resource.list,
          TrustAnchorArn: reference(resource.anchor),
        },
      }
    case 'profile':
      return {
        Type: 'AWS::RolesAnywhere::Profile',
        Properties: {
          Name: resource.profileName,
          Enabled: true,
          DurationSeconds: resource.durationSeconds,
          AcceptRoleSessionName: resource.acceptRoleSessionName,
          RoleArns: resource.roles.map(reference),
          ...(resource.sessionPolicy !== undefined && { SessionPolicy: resource.sessionPolicy }),
          ...(resource.managedPolicyArns?.length && {
            ManagedPolicyArns: resource.managedPolicyArns,
          }),
        },
      }
  }
}
