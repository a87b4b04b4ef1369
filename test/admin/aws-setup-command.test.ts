import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { parse } from 'yaml'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import type { Account, PolicyJson, Role } from '../../sandbox/world/world.ts'
import { awsSetupCommand } from '../../src/admin/aws-setup/aws-setup-command.ts'
import { composeIssuers } from '../../src/compose-issuers.ts'
import { loadConfig } from '../../src/config/load-config.ts'
import type { Issuer, IssueOrder } from '../../src/issuers/issuer.ts'
import { base } from '../config/configuration.ts'
import { orderOf } from '../issuers/orders.ts'
import { issue, keyCertSign, keyPairs } from '../keys/test-certificates.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { FakeTrail, roleArn } from '../support/broker-fakes.ts'
import { heldEffects } from '../support/held-effects.ts'
import { makeTestKey } from '../support/saml/self-signed.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { cliLab } from '../cli/cli-lab.ts'
import { capturedIo } from './captured-io.ts'
import { configFile } from './config-file.ts'
import { terraformAsTemplate } from './terraform-as-template.ts'

const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const anchorId = '11111111-2222-3333-4444-555555555555'
const profileId = '66666666-7777-8888-9999-000000000000'
const place = {
  type: 'roles-anywhere',
  trustAnchorArn: `arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/${anchorId}`,
  profileArn: `arn:aws:rolesanywhere:eu-west-1:111111111111:profile/${profileId}`,
}
const user = 'arn:aws:iam::111111111111:user/postern-broker'

const root = issue({ commonName: 'Corp Root', authority: true, keyUsage: keyCertSign })
const ca = issue({ commonName: 'People CA', authority: true, keyUsage: keyCertSign, issuer: root })
const machine = issue({ commonName: 'postern.corp.example', issuer: root })
const stranger = issue({ commonName: 'other.corp.example', issuer: root })
const saml = makeTestKey({ subject: 'postern', bits: 2048 })

/** A configuration with key files beside it; gives its path. */
function setUp(issuer: object, role: object = {}): string {
  const file = configFile({
    ...base,
    issuers: { one: { ...issuer, reuse: 0 } },
    roles: [{ arn: readOnly, ...role }],
  })
  const keys = {
    'ca.pem': ca.certificatePem + ca.keyPem,
    'machine.pem': machine.certificatePem + machine.keyPem,
    'stranger.pem': stranger.certificatePem + stranger.keyPem,
    'saml.pem': saml.certificate + saml.privateKey,
  }
  for (const [name, content] of Object.entries(keys)) {
    const path = join(dirname(file), 'keys', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  }
  return file
}

async function run(...argv: string[]) {
  const captured = capturedIo()
  const code = await awsSetupCommand(argv, captured.io, {}, heldEffects(NOW))
  return { code, ...captured }
}

interface Template {
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<
    Record<string, { Type: string; Properties: Record<string, unknown> }>
  >
}

async function templateOf(file: string): Promise<Template> {
  const { code, text, errors } = await run('--config', file)
  expect(code, errors()).toBe(0)
  return parse(text()) as Template
}

type Given = Readonly<Record<string, string>>

/** What CloudFormation would put in place of Ref and GetAtt. */
function resolved(value: unknown, given: Given): unknown {
  if (Array.isArray(value)) return value.map((item) => resolved(item, given))
  if (typeof value !== 'object' || value === null) return value
  const reference: unknown =
    Reflect.get(value, 'Ref') ??
    (Reflect.get(value, 'Fn::GetAtt') as unknown[] | undefined)?.join('.')
  if (typeof reference === 'string') {
    const found = given[reference]
    if (found === undefined) throw new Error(`nothing stands for ${reference}`)
    return found
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, resolved(item, given)]),
  )
}

function properties(template: Template, type: string): readonly Record<string, unknown>[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)
}

/** The sandbox with exactly what the template says, and nothing besides. */
async function built(template: Template, given: Given): Promise<Sandbox> {
  const all = resolved(template.Resources, given) as Template['Resources']
  const made: Template = { Resources: all }
  const roles = properties(made, 'AWS::IAM::Role').map((role, index): Role => ({
    name: String(role['RoleName']),
    path: String(role['Path']),
    roleId: `AROA${String(index).padStart(17, '0')}`,
    maxSessionDuration: Number(role['MaxSessionDuration']),
    trustPolicy: role['AssumeRolePolicyDocument'] as PolicyJson,
    policies: ((role['Policies'] ?? []) as { PolicyDocument: PolicyJson }[]).map(
      ({ PolicyDocument }) => PolicyDocument,
    ),
  }))
  const account: Account = {
    id: '111111111111',
    users: [
      {
        name: 'postern-broker',
        userId: 'AIDATEST0000000000001',
        accessKeys: [DEMO_BASE_ACCESS_KEY],
        policies: properties(made, 'AWS::IAM::ManagedPolicy').map(
          ({ PolicyDocument }) => PolicyDocument as PolicyJson,
        ),
      },
    ],
    roles,
    samlProviders: properties(made, 'AWS::IAM::SAMLProvider').map((provider) => ({
      name: String(provider['Name']),
      metadata: String(provider['SamlMetadataDocument']),
    })),
    trustAnchors: properties(made, 'AWS::RolesAnywhere::TrustAnchor').map((anchor) => ({
      id: anchorId,
      region: 'eu-west-1',
      certificates: (anchor['Source'] as { SourceData: { X509CertificateData: string } }).SourceData
        .X509CertificateData,
      revocationLists: properties(made, 'AWS::RolesAnywhere::CRL')
        .map(({ CrlData }) => String(CrlData))
        .join(''),
    })),
    profiles: properties(made, 'AWS::RolesAnywhere::Profile').map((profile) => ({
      id: profileId,
      region: 'eu-west-1',
      roleArns: profile['RoleArns'] as string[],
      durationSeconds: Number(profile['DurationSeconds']),
      acceptRoleSessionName: profile['AcceptRoleSessionName'] === true,
      ...(typeof profile['SessionPolicy'] === 'string' && {
        sessionPolicy: JSON.parse(profile['SessionPolicy']) as PolicyJson,
      }),
      managedPolicyArns: (profile['ManagedPolicyArns'] ?? []) as string[],
    })),
  }
  const sandbox = await startSandbox({ world: { accounts: [account] }, now: () => NOW })
  onTestFinished(() => sandbox.close())
  return sandbox
}

/** The issuer of a configuration, with the sandbox in AWS's place. */
function issuerOf(file: string, aws: Sandbox): Issuer {
  const config = loadConfig(file, {})
  const endpoints = { ...config.aws.endpoints, sts: aws.url, rolesAnywhere: aws.url }
  const { issuers } = composeIssuers({
    config: { ...config, aws: { ...config.aws, endpoints } },
    effects: { ...heldEffects(NOW), randomBytes },
    logger: silentLogger,
    audit: new FakeTrail(),
    claims: { claim: () => Promise.resolve(true), deleteExpired: () => Promise.resolve(0) },
    tellCall: () => undefined,
  })
  const issuer = issuers.get('one')
  if (!issuer) throw new Error('no issuer')
  return issuer
}

function asked(overrides: Partial<IssueOrder> = {}): IssueOrder {
  const facts = { requestId: 'request-1', address: '127.0.0.1' }
  return orderOf({ role: roleArn(readOnly), facts, ...overrides })
}

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
    await expect(issuer.issue(asked({ ...full, externalId: 'other' }))).rejects.toThrow()
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
    await expect(issuer.issue(asked({ tags: { Team: 'red' } }))).rejects.toThrow()
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
    await expect(issuer.issue(asked({ policyArns, tags: { Team: 'red' } }))).rejects.toThrow()
  })
})

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

describe('responses that are passed on', () => {
  const method = { id: 'adfs', type: 'saml', entityId: 'urn:amazon:webservices' }

  test('need a provider in each account whose roles are named by them, and say which trust', async () => {
    const accounts = ['111111111111', '222222222222']
    const file = configFile({
      ...base,
      signIn: [...base.signIn, { ...method, metadata: './adfs.xml', awsRoles: { accounts } }],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
      accounts: Object.fromEntries(accounts.map((id) => [id, { name: `Account ${id}` }])),
      roles: [],
      grants: [],
    })
    writeFileSync(join(dirname(file), 'adfs.xml'), '<EntityDescriptor/>')
    for (const account of accounts) {
      const { code, text, errors } = await run('--account', account, '--config', file)
      expect(code, errors()).toBe(0)
      expect(properties(parse(text()) as Template, 'AWS::IAM::SAMLProvider')).toEqual([
        { Name: 'postern-adfs', SamlMetadataDocument: '<EntityDescriptor/>' },
      ])
      expect(errors()).toContain('where SAML:aud is https://aws.corp.example/saml/adfs/acs')
    }
  })

  test('have the trust policy that the guide shows', async () => {
    const guide = readFileSync(new URL('../../docs/issuers.md', import.meta.url), 'utf8')
    const [, shown = ''] = /```json\n([^]*?)```/.exec(guide) ?? []
    const file = configFile({
      ...base,
      signIn: [...base.signIn, { ...method, metadata: 'https://adfs.corp.example/metadata' }],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
    })
    const template = await templateOf(file)
    const OneSamlProvider = 'arn:aws:iam::111111111111:saml-provider/postern-adfs'
    const made = resolved(template.Resources, { OneSamlProvider, OneMetadata: '<x/>' })
    const [role] = properties({ Resources: made as Template['Resources'] }, 'AWS::IAM::Role')
    expect(role?.['AssumeRolePolicyDocument']).toEqual(JSON.parse(shown))
  })

  test('are trusted for Postern’s own address only, and the relying party is named', async () => {
    const adfs = {
      id: 'adfs',
      type: 'saml',
      metadata: './adfs.xml',
      entityId: 'urn:amazon:webservices',
    }
    const file = configFile({
      ...base,
      signIn: [...base.signIn, adfs],
      issuers: { one: { type: 'assume-role-with-saml', signIn: 'adfs' } },
    })
    const { code, text, errors } = await run('--config', file)
    expect(code).toBe(0)
    expect(text()).toContain('SAML:aud: https://aws.corp.example/saml/adfs/acs')
    expect(errors()).toContain(
      'audience urn:amazon:webservices and the recipient https://aws.corp.example/saml/adfs/acs',
    )
  })
})

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

describe('the command', () => {
  test('asks which account where there are several', async () => {
    const development = 'arn:aws:iam::222222222222:role/ReadOnly'
    const file = configFile({
      ...base,
      accounts: { '111111111111': { name: 'Production' }, '222222222222': { name: 'Development' } },
      roles: [{ arn: readOnly }, { arn: development }],
    })
    const all = await run('--config', file)
    expect(all.code).toBe(1)
    expect(all.errors()).toContain('--account: 111111111111, 222222222222')
    const one = await run('--account', '222222222222', '--config', file)
    expect(one.code).toBe(0)
    expect(one.text()).toContain('in the account 222222222222')
    expect(one.text()).not.toContain('RoleName: Admin')
  })

  test('puts a parameter in the place of a key that is not there, and says why', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/none.pem' } })
    const { code, text, errors } = await run('--config', file)
    expect(code).toBe(0)
    expect(text()).toContain('OneAuthorityPem')
    expect(errors()).toContain("The file of the certificate can't be read.")
  })

  test('explains itself', async () => {
    expect((await run('--help')).text()).toContain('Usage: postern-server aws-setup')
    expect((await run('--nonsense')).code).toBe(2)
  })

  test('prints no private key', async () => {
    const file = setUp({ ...place, authority: { certificate: 'keys/ca.pem' } })
    const { text, errors } = await run('--config', file)
    expect(text() + errors()).not.toContain('PRIVATE KEY')
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
