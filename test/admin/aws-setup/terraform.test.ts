import { describe, expect, test } from 'vitest'
import { terraformAsTemplate } from './terraform-as-template.ts'

import { place, setUp, run, templateOf, properties } from './setup-lab.ts'

describe('Terraform', () => {
  const source = {
    ...place,
    roleArn: 'arn:aws:iam::111111111111:role/Postern',
    certificate: 'keys/machine.pem',
  }
  const identityProvider = { name: 'Postern', keys: [{ certificate: 'keys/saml.pem' }] }

  test.each<[string, object, object]>([
    ['AssumeRole', { type: 'assume-role' }, { externalId: 'postern', sourceIdentity: '${name}' }],
    ['AssumeRole with a certificate', { type: 'assume-role', source }, {}],
    [
      'one certificate',
      {
        ...place,
        certificate: 'keys/machine.pem',
        managedPolicyArns: ['arn:aws:iam::aws:policy/X'],
      },
      {},
    ],
    ['a certificate for each person', { ...place, authority: { certificate: 'keys/ca.pem' } }, {}],
    ['Postern as provider', { type: 'assume-role-with-saml', identityProvider }, {}],
    [
      'federation tokens',
      { type: 'federation-token' },
      { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    ],
  ])('is the same as CloudFormation, for %s', async (_what, issuer, role) => {
    const file = setUp(issuer, role)
    const template = await templateOf(file)
    const { text } = await run('--terraform', '--config', file)
    const made = terraformAsTemplate(text())
    expect(made.Parameters).toEqual(template.Parameters ?? {})
    const stable = (resources: object) =>
      JSON.parse(JSON.stringify(resources).replace(/-----BEGIN X509 CRL[^"]*/g, 'list')) as unknown
    expect(stable(made.Resources)).toEqual(stable(template.Resources))
  })

  test('says the same in its JSON syntax, with references of its own', async () => {
    const file = setUp({ ...place, certificate: 'keys/machine.pem' })
    const { text } = await run('--terraform', '--config', file)
    const { variable, resource } = JSON.parse(text()) as {
      variable: object
      resource: Record<string, Record<string, Record<string, unknown>>>
    }
    expect(Object.keys(variable)).toEqual(['OneAuthorityPem'])
    const policy: unknown = JSON.parse(
      String(resource['aws_iam_role']?.['RoleReadOnly']?.['assume_role_policy']),
    )
    expect(policy).toMatchObject({
      Statement: [
        {
          Principal: { Service: 'rolesanywhere.amazonaws.com' },
          Condition: {
            ArnEquals: {
              'aws:SourceArn': '${aws_rolesanywhere_trust_anchor.OneTrustAnchor.arn}',
            },
            StringEquals: { 'aws:PrincipalTag/x509Subject/CN': 'postern.corp.example' },
          },
        },
      ],
    })
    expect(resource['aws_rolesanywhere_profile']?.['OneProfile']).toMatchObject({
      role_arns: ['${aws_iam_role.RoleReadOnly.arn}'],
      accept_role_session_name: true,
    })
  })

  test('imports the revocation list of the CA, in force for its trust anchor', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/ca.pem' } })
    const { text } = await run('--terraform', '--config', file)
    const { resource } = JSON.parse(text()) as {
      resource: Record<string, Record<string, Record<string, unknown>>>
    }
    const made = resource['aws_cloudcontrolapi_resource']?.['OneRevocationList']
    expect(made?.['type_name']).toBe('AWS::RolesAnywhere::CRL')
    const state = JSON.parse(String(made?.['desired_state'])) as Record<string, unknown>
    expect(state).toMatchObject({
      Enabled: true,
      TrustAnchorArn: '${aws_rolesanywhere_trust_anchor.OneTrustAnchor.arn}',
    })
    const template = await templateOf(file)
    const [list] = properties(template, 'AWS::RolesAnywhere::CRL')
    expect(state['CrlData']).toContain('-----BEGIN X509 CRL-----')
    expect(Object.keys(state).sort()).toEqual(Object.keys(list ?? {}).sort())
  })

  test('takes no text for a template of its own', async () => {
    const file = setUp({ type: 'assume-role' }, { externalId: 'a.b' })
    const { text } = await run('--terraform', '--config', file)
    expect(text()).toContain('${var.OnePrincipalArn}')
    expect(/(?<!\$)\$\{(?!var\.|aws_)/.exec(text())).toBeNull()
  })
})
