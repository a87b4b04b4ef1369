import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { issue, keyCertSign, keyPairs } from '../test/keys/test-certificates.ts'
import { makeTestKey } from '../test/support/saml/self-signed.ts'
import { role, writeBenchConfig } from './bench-config.ts'

const place = {
  trustAnchorArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:trust-anchor/a1',
  profileArn: 'arn:aws:rolesanywhere:eu-west-1:111111111111:profile/p1',
}

/** One issuer for each way to get credentials, by its name. */
export const ways = ['hub', 'saml', 'anywhere', 'people', 'federated'] as const
export type Way = (typeof ways)[number]

/** What everybody asks for; a federation token cannot be had without a session policy. */
export const asked = {
  roleArn: role,
  sessionName: 'bob',
  seconds: 3600,
  policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
}

/** Seconds. A call may take twice both, and its timers hold what they would end until then. */
const timeouts = { connect: 1, answer: 1 }
/** Milliseconds until no timer of a call is left. */
export const timersLast = 5_000

/** Writes keys and a configuration with every issuer, and returns its path. `aws` is the address of the stub. */
export async function writeIssuersConfig(folder: string, aws: string): Promise<string> {
  const root = issue({ commonName: 'Root', authority: true, keyUsage: keyCertSign })
  const people = issue({
    commonName: 'People',
    authority: true,
    keyUsage: keyCertSign,
    issuer: root,
  })
  const saml = makeTestKey({ subject: 'postern' })
  const keys = {
    'rsa-2048': issue({ issuer: root, keys: keyPairs.rsa2048() }),
    'p-256': issue({ issuer: root }),
    'ml-dsa-65': issue({ issuer: root, keys: keyPairs.mlDsa65() }),
    people,
  }
  for (const [name, { certificatePem, keyPem }] of Object.entries(keys))
    writeFileSync(join(folder, `${name}.pem`), certificatePem + keyPem)
  writeFileSync(join(folder, 'saml.pem'), saml.certificate + saml.privateKey)
  const plenty = { limit: { perSecond: 5000, waiting: 5000 } }
  const each = { reuse: 0, ...plenty }
  const identityProvider = { name: 'Postern', keys: [{ certificate: 'saml.pem' }] }
  const issuers = {
    hub: { type: 'assume-role', chained: 'no', ...each },
    reusing: { type: 'assume-role', chained: 'no', ...plenty, reuse: 60 },
    saml: { type: 'assume-role-with-saml', identityProvider, ...each },
    anywhere: { type: 'roles-anywhere', ...place, certificate: 'p-256.pem', ...each },
    people: { type: 'roles-anywhere', ...place, authority: { certificate: 'people.pem' }, ...each },
    federated: { type: 'federation-token', ...each },
  }
  const path = await writeBenchConfig(folder, 1, aws, [], issuers)
  const config = JSON.parse(readFileSync(path, 'utf8')) as { aws: object }
  writeFileSync(path, JSON.stringify({ ...config, aws: { ...config.aws, timeouts } }))
  return path
}
