import { AwsRefused } from '../../../src/errors.ts'
import { writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { issue, keyCertSign, keyPairs } from '../../keys/test-certificates.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../../sandbox/world/demo-world.ts'
import { awsEnvironment } from '../../support/aws-environment.ts'
import { cliLab } from '../../cli/cli-lab.ts'

import {
  readOnly,
  place,
  user,
  root,
  setUp,
  templateOf,
  properties,
  built,
  issuerOf,
  asked,
} from './setup-lab.ts'

describe('the template is enough, and no more than enough', () => {
  test('for AssumeRole by a user, with external ID, tags and source identity', async () => {
    awsEnvironment({
      AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
    })
    const role = { externalId: 'postern', tags: { Team: 'red' }, sourceIdentity: '${name}' }
    const file = setUp({ type: 'assume-role' }, role)
    const template = await templateOf(file)
    expect(Object.keys(template.Parameters ?? {})).toEqual(['OnePrincipalArn'])
    const aws = await built(template, { OnePrincipalArn: user })
    const issuer = issuerOf(file, aws)
    const full = { externalId: 'postern', tags: { Team: 'red' }, sourceIdentity: 'bob' }
    await expect(issuer.issue(asked(full))).resolves.toBeDefined()
    await expect(issuer.issue(asked({ ...full, externalId: 'other' }))).rejects.toThrow(AwsRefused)
  })

  test('for AssumeRole without tags: they are not allowed then', async () => {
    awsEnvironment({
      AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
    })
    const file = setUp({ type: 'assume-role' })
    const issuer = issuerOf(file, await built(await templateOf(file), { OnePrincipalArn: user }))
    await expect(issuer.issue(asked())).resolves.toBeDefined()
    await expect(issuer.issue(asked({ tags: { Team: 'red' } }))).rejects.toThrow('session tags')
    await expect(issuer.issue(asked({ sourceIdentity: 'bob' }))).rejects.toThrow('source identity')
  })

  const references = {
    'OneTrustAnchor.TrustAnchorArn': place.trustAnchorArn,
    'RoleReadOnly.Arn': readOnly,
    'RolePostern.Arn': 'arn:aws:iam::111111111111:role/Postern',
    OneAuthorityPem: root.certificatePem,
  }

  test('for the base credentials of the hub by a certificate', async () => {
    awsEnvironment({})
    const source = {
      ...place,
      roleArn: 'arn:aws:iam::111111111111:role/Postern',
      certificate: 'keys/machine.pem',
    }
    const file = setUp({ type: 'assume-role', source })
    const aws = await built(await templateOf(file), references)
    await expect(issuerOf(file, aws).issue(asked())).resolves.toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
    })
    expect(aws.issued().map(({ api }) => api)).toEqual(['CreateSession', 'AssumeRole'])
  })

  test('for Roles Anywhere with one certificate, and for no other of the same CA', async () => {
    const file = setUp({ ...place, certificate: 'keys/machine.pem' })
    const aws = await built(await templateOf(file), references)
    await expect(issuerOf(file, aws).issue(asked())).resolves.toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
    })
    const other = setUp({ ...place, certificate: 'keys/stranger.pem' })
    await expect(issuerOf(other, aws).issue(asked())).rejects.toThrow('assume this role')
  })

  test('for a certificate for each person, with CA and revocation list printed', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/ca.pem' } })
    const template = await templateOf(file)
    expect(template.Parameters).toBeUndefined()
    expect(properties(template, 'AWS::RolesAnywhere::CRL')).toHaveLength(1)
    const aws = await built(template, references)
    await expect(issuerOf(file, aws).issue(asked())).resolves.toMatchObject({
      facts: { sourceIdentity: 'CN=bob' },
    })
  })

  test('for a certificate for each person by a CA that postern pki made', async () => {
    const lab = await cliLab()
    expect((await lab.run(['pki', 'init', '--intermediate'])).code).toBe(0)
    const [certificate, privateKey] = ['intermediate.pem', 'intermediate.key'].map((name) =>
      join(lab.home, 'pki', name),
    )
    const file = setUp({ ...place, authority: { certificate, privateKey } })
    const aws = await built(await templateOf(file), references)
    await expect(issuerOf(file, aws).issue(asked())).resolves.toMatchObject({
      facts: { sourceIdentity: 'CN=bob' },
    })
  })

  test('for Postern as identity provider, with its metadata printed', async () => {
    awsEnvironment({})
    const identityProvider = { name: 'Postern', keys: [{ certificate: 'keys/saml.pem' }] }
    const file = setUp({ type: 'assume-role-with-saml', identityProvider })
    const template = await templateOf(file)
    expect(template.Parameters).toBeUndefined()
    const provider = 'arn:aws:iam::111111111111:saml-provider/Postern'
    const issuer = issuerOf(file, await built(template, { OneSamlProvider: provider }))
    await expect(issuer.issue(asked())).resolves.toBeDefined()
    await expect(issuer.issue(asked({ tags: { Team: 'red' } }))).rejects.toThrow(AwsRefused)
  })

  test('for federation tokens', async () => {
    awsEnvironment({
      AWS_ACCESS_KEY_ID: DEMO_BASE_ACCESS_KEY.accessKeyId,
      AWS_SECRET_ACCESS_KEY: DEMO_BASE_ACCESS_KEY.secretAccessKey,
    })
    const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
    const file = setUp({ type: 'federation-token' }, { policyArns })
    const issuer = issuerOf(file, await built(await templateOf(file), {}))
    await expect(issuer.issue(asked({ policyArns }))).resolves.toMatchObject({
      assumedRoleArn: 'arn:aws:sts::111111111111:federated-user/bob',
    })
    await expect(issuer.issue(asked({ policyArns, tags: { Team: 'red' } }))).rejects.toThrow(
      'session tags',
    )
  })
})

test('keys of people are of any kind that signs', async () => {
  const rsa = issue({
    commonName: 'RSA CA',
    authority: true,
    keyUsage: keyCertSign,
    keys: keyPairs.rsa2048(),
  })
  const file = setUp({ ...place, authority: { certificate: 'keys/rsa.pem' } })
  writeFileSync(join(dirname(file), 'keys', 'rsa.pem'), rsa.certificatePem + rsa.keyPem)
  expect(Object.keys((await templateOf(file)).Resources)).toContain('OneRevocationList')
})
