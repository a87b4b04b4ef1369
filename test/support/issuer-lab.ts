import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startSandbox, type Sandbox } from '../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../sandbox/world/demo-world.ts'
import type { Account, PolicyJson, Role, World } from '../../sandbox/world/world.ts'
import { writeDemoConfig } from '../../scripts/demo-config.ts'
import { runAdmin } from '../../src/admin/command-line.ts'
import { issue, type Issued, keyCertSign, keyPairs } from '../keys/test-certificates.ts'
import { alterConfig } from './alter-config.ts'
import { Browser } from './browser.ts'
import { type BrokerProcess, startBrokerProcess } from './broker-process.ts'
import { freePort } from './free-port.ts'
import { makeTestKey, type TestKey } from './saml/self-signed.ts'

const account = '111111111111'
const anchorId = '11111111-2222-3333-4444-555555555555'
const profileId = '66666666-7777-8888-9999-000000000000'
const anywhere = {
  trustAnchorArn: `arn:aws:rolesanywhere:eu-west-1:${account}:trust-anchor/${anchorId}`,
  profileArn: `arn:aws:rolesanywhere:eu-west-1:${account}:profile/${profileId}`,
}

export const arnOf = (name: string): string => `arn:aws:iam::${account}:role/${name}`

/** One role for each way to get credentials, named after it. */
export const issuerRoles = ['Hub', 'CertHub', 'Anywhere', 'People', 'Saml', 'Federated'] as const

const readOnlyPolicy = ['arn:aws:iam::aws:policy/ReadOnlyAccess']

/** A broker of its own process that has every issuer which needs no sign-in elsewhere, on a sandbox that trusts them. */
export interface IssuerLab extends AsyncDisposable {
  readonly aws: Sandbox
  /** Where STS is asked when the first does not answer; the same AWS. */
  readonly second: Sandbox
  readonly broker: BrokerProcess
  signedIn(): Promise<Browser>
  /** Events of the trail, once the broker has ended. */
  trail(): Promise<readonly Record<string, unknown>[]>
}

type Changes = Readonly<Record<string, unknown>>

/** The keys that the configuration names, to be put elsewhere. */
export interface LabKeys {
  readonly machine: Issued
  readonly people: Issued
  readonly saml: TestKey
}

/** Starts it. `changes` are to the configuration, by path. */
export async function openIssuerLab(
  changes: Changes | ((keys: LabKeys) => Changes) = {},
): Promise<IssuerLab> {
  await using opened = new AsyncDisposableStack()
  const folder = mkdtempSync(join(tmpdir(), 'postern-issuers-'))
  opened.defer(() => {
    rmSync(folder, { recursive: true, force: true })
  })
  const ports = { broker: await freePort(), aws: await freePort() }
  const samlKey = makeTestKey({ subject: 'postern' })
  const root = issue({ commonName: 'Root', authority: true, keyUsage: keyCertSign })
  const people = issue({
    commonName: 'People CA',
    authority: true,
    keyUsage: keyCertSign,
    issuer: root,
    keys: keyPairs.rsa2048(),
  })
  const machine = issue({ commonName: 'postern.corp.example', issuer: root })
  writeFileSync(join(folder, 'machine.pem'), machine.certificatePem + machine.keyPem)
  writeFileSync(join(folder, 'people.pem'), people.certificatePem + people.keyPem)
  writeFileSync(join(folder, 'saml.pem'), samlKey.certificate + samlKey.privateKey)

  const aws = { now: () => new Date(), tokenKey: Buffer.alloc(32, 7) }
  const metadata = async (): Promise<string | undefined> => {
    const answer = await new Browser(`http://localhost:${ports.broker}`).get('/saml/aws/metadata')
    return answer.status === 200 ? answer.text : undefined
  }
  const recipient = `http://localhost:${ports.aws}/saml`
  const world = worldOf(root.certificatePem, metadata, recipient)
  const sandbox = opened.use(await startSandbox({ ...aws, port: ports.aws, world }))
  const second = opened.use(await startSandbox({ ...aws, world }))
  const config = await writeDemoConfig(folder, ports)
  alterConfig(config, {
    issuers: issuers(),
    accounts: { [account]: { name: 'Production', tone: 'danger' } },
    roles: issuerRoles.map((name) => ({
      arn: arnOf(name),
      issuer: name.toLowerCase(),
      ...(name === 'Federated' && { policyArns: readOnlyPolicy }),
    })),
    grants: [{ people: 'staff', group: 'readers', roles: issuerRoles.map(arnOf) }],
    aws: {
      region: 'eu-west-1',
      timeouts: { connect: 1, answer: 2 },
      endpoints: {
        sts: sandbox.url,
        federation: `${sandbox.url}/federation`,
        console: `${sandbox.url}/console/home`,
        rolesAnywhere: sandbox.url,
        saml: recipient,
      },
      failOver: { region: 'eu-central-1', sts: second.url },
    },
  })
  const keys = { machine, people, saml: samlKey }
  alterConfig(config, typeof changes === 'function' ? changes(keys) : changes)
  const broker = opened.use(await startBrokerProcess(config, ports.broker))
  const owned = opened.move()
  return {
    aws: sandbox,
    second,
    broker,
    async signedIn() {
      const browser = new Browser(broker.url)
      const { status } = await browser.signIn('bob', 'bobpassword')
      if (status !== 303) throw new Error(`signing in answered ${status}`)
      return browser
    },
    async trail() {
      const lines: string[] = []
      const keep = (line: string): void => void lines.push(line)
      const io = { stdout: keep, stderr: keep }
      const code = await runAdmin(['audit', 'export'], io, { POSTERN_CONFIG: config })
      if (code !== 0) throw new Error(lines.join('\n'))
      return lines.map((line) => (JSON.parse(line) as { event: Record<string, unknown> }).event)
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function issuers(): Readonly<Record<string, object>> {
  const machine = { certificate: 'machine.pem' }
  const roleArn = arnOf('Postern')
  return {
    hub: { type: 'assume-role' },
    certhub: {
      type: 'assume-role',
      source: { type: 'roles-anywhere', ...anywhere, roleArn, ...machine },
    },
    anywhere: { type: 'roles-anywhere', ...anywhere, ...machine },
    people: { type: 'roles-anywhere', ...anywhere, authority: { certificate: 'people.pem' } },
    saml: {
      type: 'assume-role-with-saml',
      identityProvider: { name: 'Postern', keys: [{ certificate: 'saml.pem' }] },
    },
    federated: { type: 'federation-token' },
  }
}

const all = ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']

function statement(principal: object, action: string | readonly string[], condition?: object) {
  return {
    Effect: 'Allow',
    Principal: principal,
    Action: action,
    ...(condition && { Condition: condition }),
  }
}

function policy(...statements: readonly object[]): PolicyJson {
  return { Version: '2012-10-17', Statement: statements }
}

function worldOf(
  anchor: string,
  metadata: () => Promise<string | undefined>,
  recipient: string,
): World {
  const user = `arn:aws:iam::${account}:user/postern-broker`
  const service = { Service: 'rolesanywhere.amazonaws.com' }
  const ofAnchor = { ArnEquals: { 'aws:SourceArn': anywhere.trustAnchorArn } }
  const provider = { Federated: `arn:aws:iam::${account}:saml-provider/Postern` }
  const forRecipient = { StringEquals: { 'SAML:aud': recipient } }
  const trusts: Readonly<Record<string, PolicyJson>> = {
    Postern: policy(statement(service, all, ofAnchor)),
    Hub: policy(statement({ AWS: user }, 'sts:AssumeRole')),
    CertHub: policy(statement({ AWS: arnOf('Postern') }, all)),
    Anywhere: policy(statement(service, all, ofAnchor)),
    People: policy(statement(service, all, ofAnchor)),
    Saml: policy(statement(provider, 'sts:AssumeRoleWithSAML', forRecipient)),
  }
  const may = (...actions: readonly string[]): PolicyJson =>
    policy({ Effect: 'Allow', Action: actions, Resource: '*' })
  const roles = Object.entries(trusts).map(([name, trustPolicy], index): Role => ({
    name,
    roleId: `AROA${String(index).padStart(17, '0')}`,
    maxSessionDuration: 43_200,
    trustPolicy,
    policies: name === 'Postern' ? [may(...all)] : [],
  }))
  const own: Account = {
    id: account,
    users: [
      {
        name: 'postern-broker',
        userId: 'AIDATEST0000000000001',
        accessKeys: [DEMO_BASE_ACCESS_KEY],
        policies: [may('sts:*')],
      },
    ],
    roles,
    samlProviders: [{ name: 'Postern', metadata }],
    trustAnchors: [{ id: anchorId, region: 'eu-west-1', certificates: anchor }],
    profiles: [
      {
        id: profileId,
        region: 'eu-west-1',
        roleArns: ['Postern', 'Anywhere', 'People'].map(arnOf),
        durationSeconds: 43_200,
        acceptRoleSessionName: true,
      },
    ],
  }
  return { accounts: [own] }
}
