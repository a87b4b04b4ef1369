import { randomBytes } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished } from 'vitest'
import { parse } from 'yaml'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.ts'
import type { Account, PolicyJson, Role } from '../../../sandbox/world/world.ts'
import { awsSetupCommand } from '../../../src/admin/aws-setup/aws-setup-command.ts'
import { composeIssuers } from '../../../src/compose/issuers.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import type { Issuer, IssueOrder } from '../../../src/issuers/issuer.ts'
import { base } from '../../config/configuration.ts'
import { orderOf } from '../../issuers/orders.ts'
import { issue, keyCertSign } from '../../keys/test-certificates.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../../sandbox/world/demo-world.ts'
import { FakeTrail, roleArn } from '../../support/broker-fakes.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { makeTestKey } from '../../support/saml/self-signed.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { capturedIo } from '../captured-io.ts'
import { configFile } from '../config-file.ts'

const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
export const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
const anchorId = '11111111-2222-3333-4444-555555555555'
const profileId = '66666666-7777-8888-9999-000000000000'
export const place = {
  type: 'roles-anywhere',
  trustAnchorArn: `arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/${anchorId}`,
  profileArn: `arn:aws:rolesanywhere:eu-west-1:111111111111:profile/${profileId}`,
}
export const user = 'arn:aws:iam::111111111111:user/postern-broker'

export const root = issue({ commonName: 'Corp Root', authority: true, keyUsage: keyCertSign })
const ca = issue({
  commonName: 'People CA',
  authority: true,
  keyUsage: keyCertSign,
  issuer: root,
})
const machine = issue({ commonName: 'postern.corp.example', issuer: root })
const stranger = issue({ commonName: 'other.corp.example', issuer: root })
const saml = makeTestKey({ subject: 'postern', bits: 2048 })

/** A configuration with key files beside it; gives its path. */
export function setUp(issuer: object, role: object = {}): string {
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

/** Runs the command, on the clock of the lab. */
export async function run(...argv: string[]) {
  const captured = capturedIo()
  const code = await awsSetupCommand(argv, captured.io, {}, heldEffects(NOW))
  return { code, ...captured }
}

/** A template, as it is parsed. */
export interface Template {
  readonly Parameters?: Readonly<Record<string, unknown>>
  readonly Resources: Readonly<
    Record<string, { Type: string; Properties: Record<string, unknown> }>
  >
}

/** The template of the only account. */
export async function templateOf(file: string): Promise<Template> {
  const { code, text, errors } = await run('--config', file)
  expect(code, errors()).toBe(0)
  return parse(text()) as Template
}

type Given = Readonly<Record<string, string>>

/** What CloudFormation would put in place of Ref and GetAtt. */
export function resolved(value: unknown, given: Given): unknown {
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

/** Properties of every resource of that type. */
export function properties(template: Template, type: string): readonly Record<string, unknown>[] {
  return Object.values(template.Resources)
    .filter(({ Type }) => Type === type)
    .map(({ Properties }) => Properties)
}

/** The sandbox with exactly what the template says, and nothing besides. */
export async function built(template: Template, given: Given): Promise<Sandbox> {
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
export function issuerOf(file: string, aws: Sandbox): Issuer {
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

export function asked(overrides: Partial<IssueOrder> = {}): IssueOrder {
  const facts = { requestId: 'request-1', address: '127.0.0.1' }
  return orderOf({ role: roleArn(readOnly), facts, ...overrides })
}
