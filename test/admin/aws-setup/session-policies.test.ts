import { describe, expect, test } from 'vitest'

import {
  readOnly,
  place,
  root,
  setUp,
  run,
  templateOf,
  properties,
  built,
  issuerOf,
  asked,
} from './setup-lab.ts'

describe('session policies of the profile', () => {
  const sessionPolicy = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Action: 'iam:*', Resource: '*' }],
  }
  const managedPolicyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
  const settings = { ...place, certificate: 'keys/machine.pem', sessionPolicy, managedPolicyArns }

  test('are printed for AWS, which takes the profile with them', async () => {
    const template = await templateOf(setUp(settings))
    const [profile] = properties(template, 'AWS::RolesAnywhere::Profile')
    expect(profile).toMatchObject({ ManagedPolicyArns: managedPolicyArns })
    expect(JSON.parse(String(profile?.['SessionPolicy']))).toEqual(sessionPolicy)
    const aws = await built(template, {
      'OneTrustAnchor.TrustAnchorArn': place.trustAnchorArn,
      'RoleReadOnly.Arn': readOnly,
      OneAuthorityPem: root.certificatePem,
    })
    await expect(issuerOf(setUp(settings), aws).issue(asked())).resolves.toBeDefined()
  })

  test('are the same for Terraform', async () => {
    const { text } = await run('--terraform', '--config', setUp(settings))
    const { resource } = JSON.parse(text()) as {
      resource: Record<string, Record<string, Record<string, unknown>>>
    }
    const profile = resource['aws_rolesanywhere_profile']?.['OneProfile']
    expect(profile).toMatchObject({ managed_policy_arns: managedPolicyArns })
    expect(JSON.parse(String(profile?.['session_policy']))).toEqual(sessionPolicy)
  })

  test('are absent where none are configured', async () => {
    const file = setUp({ ...place, certificate: 'keys/machine.pem' })
    const [profile] = properties(await templateOf(file), 'AWS::RolesAnywhere::Profile')
    expect(profile).not.toHaveProperty('SessionPolicy')
    expect(profile).not.toHaveProperty('ManagedPolicyArns')
  })
})
