import { hash } from '@node-rs/argon2'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeSigningKey } from '../sandbox/saml-idp/signing-key.ts'

/** Where the demo listens. */
export interface DemoPorts {
  readonly broker: number
  readonly aws: number
  /** The demo's identity provider; without it there is only the local form. */
  readonly idp?: number
  /** The listener for client certificates, which the sandbox makes; without it there is none. */
  readonly certificates?: number
  /** `localhost`, both loopback addresses, unless a container has to publish the ports. */
  readonly host?: string
}

interface DemoUser {
  readonly name: string
  readonly displayName: string
  readonly groups: readonly string[]
}

// The passwords stand in the README; the accounts exist in the sandbox only.
const users: readonly DemoUser[] = [
  { name: 'bob', displayName: 'Bob Baker', groups: ['readers'] },
  { name: 'alice', displayName: 'Alice Anders', groups: ['readers', 'admins'] },
]

/** Writes the demo's configuration into `folder` and returns its path. Keys and state of an earlier start are kept. */
export async function writeDemoConfig(folder: string, ports: DemoPorts): Promise<string> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const auditKey = join(folder, 'audit.key')
  if (!existsSync(auditKey))
    writeFileSync(auditKey, randomBytes(32).toString('hex'), { mode: 0o600 })
  if (ports.idp !== undefined) keepServiceProviderKey(folder)
  const path = join(folder, 'postern.yaml')
  writeFileSync(path, await demoYaml(ports), { mode: 0o600 })
  return path
}

/** A key for requests and sign-outs, made at the first start. */
function keepServiceProviderKey(folder: string): void {
  const place = (name: string) => join(folder, name)
  if (existsSync(place('saml-sp.key')) && existsSync(place('saml-sp.pem'))) return
  const { privateKey, certificate } = makeSigningKey(new Date())
  writeFileSync(place('saml-sp.key'), privateKey, { mode: 0o600 })
  writeFileSync(place('saml-sp.pem'), certificate)
}

function samlYaml(idp: number): string {
  return `  - id: demo
    type: saml
    label: Demo identity provider
    people: staff
    metadata: http://localhost:${idp}/metadata
    metadataPrivate: true
    # AWS's own, because the issuer passed-on hands these responses on to it.
    entityId: urn:amazon:webservices
    awsRoles: { accounts: ["111111111111", "222222222222"] }
    signing: [{ certificate: "\${file:saml-sp.pem}", key: "\${file:saml-sp.key}" }]
    idpInitiated: { landings: ["/console?account=222222222222&role=ReadOnly"] }
    attributes:
      id: username
      name: username
      displayName: displayName
      email: email
      groups: groups
      session: { department: department }
`
}

/** Certificates of the sandbox's authority. Their paths start at the file. */
function certificateYaml(port: number, host: string): string {
  return `  - id: certificate
    type: client-certificate
    label: Demo certificate
    people: staff
    authorities:
      - name: sandbox
        files: [ca.pem]
        sources: [{ type: upn, domains: [corp.example] }, { type: spiffe, trustDomain: corp.example }]
    revocation: { lists: [{ file: ca.crl }] }
    listen:
      host: ${host}
      port: ${port}
      url: https://localhost:${port}
      tls: { certificate: server.pem, key: server.pem }
`
}

const certificateGrants = `  - people: staff
    user: sandbox/upn/bob@corp.example
    roles: ["arn:aws:iam::111111111111:role/ReadOnly", "arn:aws:iam::222222222222:role/ReadOnly"]
  - people: staff
    user: sandbox/upn/alice@corp.example
    roles:
      - arn:aws:iam::111111111111:role/ReadOnly
      - arn:aws:iam::111111111111:role/Admin
      - arn:aws:iam::222222222222:role/ReadOnly
  - people: staff
    user: sandbox/spiffe/spiffe://corp.example/machine/build
    roles: ["arn:aws:iam::222222222222:role/ReadOnly"]
`

async function demoYaml(ports: DemoPorts): Promise<string> {
  const { broker, aws, idp, certificates, host = 'localhost' } = ports
  const people = await Promise.all(users.map(userYaml))
  return `# Written by npm start at each start: the demo's configuration. Nothing in it is real.
publicUrl: http://localhost:${broker}
listen: { host: ${host}, port: ${broker} }
operations: { host: 127.0.0.1, port: 0 }
banner: Sandbox. The AWS behind this is an imitation on your own machine, and nothing in it is real.
organisation: Corp Example
signIn:
  - id: local
    type: local
    label: Local account
    people: staff
    users:
${people.join('')}${idp === undefined ? '' : samlYaml(idp)}${certificates === undefined ? '' : certificateYaml(certificates, host)}issuers:
  hub: { type: assume-role, source: { type: environment } }
${idp === undefined ? '' : '  passed-on: { type: assume-role-with-saml, signIn: demo }\n'}accounts:
  "111111111111": { name: Production, tone: danger }
  "222222222222": { name: Development, tone: calm }
defaults: { region: eu-west-1 }
roles:
  - arn: arn:aws:iam::111111111111:role/ReadOnly
    issuer: hub
    description: Look at everything, change nothing
    duration: { credentials: { default: 1h, max: 4h }, console: { default: 12h, max: 12h } }
  - arn: arn:aws:iam::111111111111:role/Admin
    issuer: hub
    description: Everything, changes included
    duration: { credentials: { default: 1h, max: 1h }, console: { default: 1h, max: 1h } }
  - arn: arn:aws:iam::222222222222:role/ReadOnly
    issuer: hub
    description: Look at everything, change nothing
    portalLink: direct
    duration: { credentials: { default: 1h, max: 4h }, console: { default: 12h, max: 12h } }
grants:
  - people: staff
    group: readers
    roles: ["arn:aws:iam::111111111111:role/ReadOnly", "arn:aws:iam::222222222222:role/ReadOnly"]
  - people: staff
    group: admins
    roles: ["arn:aws:iam::111111111111:role/Admin"]
${certificates === undefined ? '' : certificateGrants}aws:
  region: eu-west-1
  endpoints:
    sts: http://localhost:${aws}
    federation: http://localhost:${aws}/federation
    console: http://localhost:${aws}/console/home
audit: { key: "\${file:audit.key}" }
state: sqlite:./postern.db
`
}

async function userYaml(user: DemoUser): Promise<string> {
  const passwordHash = await hash(`${user.name}password`)
  const groups = user.groups.join(', ')
  return `      - { name: ${user.name}, displayName: ${user.displayName}, groups: [${groups}], passwordHash: "${passwordHash}" }
`
}
