import { X509Certificate } from 'node:crypto'
import { onTestFinished } from 'vitest'
import { startSandbox, type Sandbox } from '../../../sandbox/sandbox.ts'
import { createAssumeRoleWithSamlIssuer } from '../../../src/issuers/assume-role-with-saml.ts'
import type { IssueOrder } from '../../../src/issuers/issuer.ts'
import { createIdentityProvider } from '../../../src/issuers/saml-provider/identity-provider.ts'
import { keyObjectSigner } from '../../../src/keys/key-object-signer.ts'
import type { KeySource } from '../../../src/keys/key-source.ts'
import { readPrivateKey } from '../../../src/keys/pem-key.ts'
import { trustsProvider } from '../../sandbox/saml-world.ts'
import { policy, role, worldWith } from '../../sandbox/test-world.ts'
import { roleArn } from '../../support/broker-fakes.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { makeTestKey, type TestKey } from '../../support/saml/self-signed.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { orderOf } from '../orders.ts'

export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
export const PROVIDER = 'arn:aws:iam::111111111111:saml-provider/Postern'
export const ROLE = 'arn:aws:iam::111111111111:role/Saml'
export const RECIPIENT = 'https://signin.aws.amazon.com/saml'
export const firstKey = makeTestKey({ subject: 'postern-1' })
export const secondKey = makeTestKey({ subject: 'postern-2' })

function keyOf(key: TestKey): KeySource {
  const signer = readPrivateKey(Buffer.from(key.privateKey)).then((privateKey) =>
    keyObjectSigner(privateKey, new X509Certificate(key.certificate)),
  )
  return { current: () => signer, reopen: () => Promise.resolve() }
}

export function providerWith(
  keys: readonly [TestKey, ...TestKey[]] = [firstKey],
  now: () => Date = () => NOW,
) {
  const [first, ...others] = keys
  let random = 0
  return createIdentityProvider({
    entityId: 'https://aws.corp.example/saml/aws/metadata',
    publicUrl: 'https://aws.corp.example',
    providerName: 'Postern',
    keys: [keyOf(first), ...others.map(keyOf)],
    samlEndpoint: undefined,
    effects: { now, randomBytes: (length) => Buffer.alloc(length, (random += 1)) },
  })
}

export interface SandboxChoices {
  readonly metadata: string
  readonly trust?: object
  readonly maxSessionDuration?: number
}

/** An AWS with the provider Postern and the role Saml, which trusts it. */
export async function awsWith({
  metadata,
  trust = {},
  maxSessionDuration = 43_200,
}: SandboxChoices): Promise<Sandbox> {
  const statement = trustsProvider({
    Principal: { Federated: PROVIDER },
    Condition: { StringEquals: { 'SAML:aud': RECIPIENT } },
    ...trust,
  })
  const [first, ...others] = worldWith([
    role('Saml', policy(statement), { maxSessionDuration }),
  ]).accounts
  if (!first) throw new Error('no account')
  const account = { ...first, samlProviders: [{ name: 'Postern', metadata }] }
  const sandbox = await startSandbox({ world: { accounts: [account, ...others] }, now: () => NOW })
  onTestFinished(() => sandbox.close())
  return sandbox
}

export function issuerOn(stsEndpoint: string, provider = providerWith()) {
  return createAssumeRoleWithSamlIssuer({
    name: 'postern',
    assertionFor: async (order) => ({
      ...(await provider.respond(order)),
      roleSessionName: order.roleSessionName,
    }),
    able: ['policy', 'policyArns', 'tags', 'transitiveTagKeys', 'sourceIdentity'],
    stsEndpoint,
    effects: heldEffects(NOW),
    logger: silentLogger,
  })
}

export function samlOrder(overrides: Partial<IssueOrder> = {}): IssueOrder {
  return orderOf({ role: roleArn(ROLE), ...overrides })
}
