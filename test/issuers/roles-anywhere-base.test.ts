import { expect, onTestFinished, test } from 'vitest'
import { AwsRefused } from '../../src/errors.ts'
import { createAssumeRoleIssuer } from '../../src/issuers/assume-role.ts'
import { RenewedCredentials } from '../../src/issuers/renewed-credentials.ts'
import { rolesAnywhereBase } from '../../src/issuers/roles-anywhere-base.ts'
import { keyObjectSigner } from '../../src/keys/key-object-signer.ts'
import { issue } from '../keys/test-certificates.ts'
import { type Answering, grant, refuse, serve } from '../rolesanywhere/fake-roles-anywhere.ts'
import { awsEnvironment } from '../support/aws-environment.ts'
import { heldEffects } from '../support/held-effects.ts'
import { type Answer, loopbackServer } from '../support/loopback-server.ts'
import { silentLogger } from '../support/silent-logger.ts'
import { orderOf } from './orders.ts'
import { gives, refuses } from './sts-answers.ts'

const leaf = issue()

async function hub(answering: Answering, sts: readonly Answer[]) {
  awsEnvironment({ AWS_ACCESS_KEY_ID: 'AKIASTORED0000000000', AWS_SECRET_ACCESS_KEY: 'stored' })
  const effects = heldEffects(new Date('2026-12-01T12:00:00Z'))
  const rolesAnywhere = await serve(answering)
  onTestFinished(() => rolesAnywhere[Symbol.asyncDispose]())
  const server = await loopbackServer(...sts)
  const fetch = rolesAnywhereBase({
    trustAnchorArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:trust-anchor/a1',
    profileArn: 'arn:aws:rolesanywhere:us-east-1:111111111111:profile/p1',
    endpoint: rolesAnywhere.endpoint,
    roleArn: 'arn:aws:iam::111111111111:role/Postern',
    key: {
      current: () => Promise.resolve(keyObjectSigner(leaf.privateKey, leaf.certificate)),
      reopen: () => Promise.resolve(),
    },
    effects,
  })
  const credentials = new RenewedCredentials({ fetch, effects, logger: silentLogger })
  const issuer = createAssumeRoleIssuer({
    name: 'hub',
    source: { type: 'held', credentials },
    chained: true,
    stsEndpoint: server.origin,
    effects,
    logger: silentLogger,
  })
  return { issuer, rolesAnywhere, server }
}

const lasting = gives({ expiration: '2026-12-01T13:00:00Z' })

test('AssumeRole is signed with what the certificate gave, and never with a stored key', async () => {
  const { issuer, rolesAnywhere, server } = await hub(grant, [lasting])
  await issuer.issue(orderOf())
  await issuer.issue(orderOf({ region: 'eu-west-1' }))
  const signed = server.received.map(({ headers }) => headers.authorization ?? '')
  expect(signed).toHaveLength(2)
  for (const authorization of signed)
    expect(authorization).toContain('Credential=ASIAEXAMPLE00000000/')
  expect(server.received[0]?.headers['x-amz-security-token']).toBe('token==')
  expect(rolesAnywhere.arrived).toHaveLength(1)
})

test('an hour is the most, because AWS counts the base credentials as a role', async () => {
  const { issuer } = await hub(grant, [lasting])
  await expect(issuer.limits()).resolves.toMatchObject({
    maxSeconds: 3600,
    console: 'as-credentials',
  })
})

test('base credentials that AWS does not know are fetched anew for the next call', async () => {
  const unknown = refuses(403, 'InvalidClientTokenId', 'The security token is invalid.')
  const { issuer, rolesAnywhere } = await hub(grant, [unknown, lasting])
  await expect(issuer.issue(orderOf())).rejects.toThrow(AwsRefused)
  await issuer.issue(orderOf())
  expect(rolesAnywhere.arrived).toHaveLength(2)
})

test('a refusal of the certificate is told as that', async () => {
  const revoked = refuse(403, 'AccessDeniedException', 'Certificate revoked')
  const { issuer, server } = await hub(revoked, [lasting])
  await expect(issuer.issue(orderOf())).rejects.toThrow('has been revoked')
  expect(server.received).toHaveLength(0)
})
