import { onTestFinished } from 'vitest'
import type { Fault } from '../../../sandbox/faults/faults.ts'
import { startSandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../../sandbox/world/demo-world.ts'
import { createFederationTokenIssuer } from '../../../src/issuers/federation-token.ts'
import type { IssueOrder } from '../../../src/issuers/issuer.ts'
import { assume, type Keys, keysOf } from '../../sandbox/sdk.ts'
import { arn, policy, role, trusts, worldWith } from '../../sandbox/test-world.ts'
import { awsEnvironment } from '../../support/aws-environment.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { orderOf } from '../orders.ts'
import { describeRefusals, type Outcome, outcomeOf } from './refusal-table.ts'
import { tapWire } from './wire.ts'

const user = 'arn:aws:iam::111111111111:user/postern-broker'
const may = (...actions: readonly string[]) =>
  policy({ Effect: 'Allow', Action: actions, Resource: '*' })
const worldOf = (...actions: readonly string[]) =>
  worldWith(
    [role('Hub', policy(trusts(user)), { policies: [may('sts:*')] })],
    [],
    [may(...actions)],
  )

interface Case {
  readonly order?: Partial<IssueOrder>
  readonly keys?: Keys
  readonly asHub?: true
  readonly fault?: Fault
  readonly actions?: readonly string[]
  readonly sandbox?: SandboxOptions
}

function provoke(about: Case): () => Promise<Outcome> {
  return async () => {
    const world = worldOf(...(about.actions ?? ['sts:*']))
    const sandbox = await startSandbox({ world, ...about.sandbox })
    onTestFinished(() => sandbox.close())
    const keys: Keys = about.asHub
      ? keysOf(await assume(sandbox.url, { RoleArn: arn('Hub') }))
      : (about.keys ?? DEMO_BASE_ACCESS_KEY)
    awsEnvironment({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
    })
    if (about.fault) sandbox.faults.next('GetFederationToken', about.fault, 4)
    const wire = await tapWire(sandbox.url)
    const issuer = createFederationTokenIssuer({
      name: 'users',
      source: { type: 'environment' },
      stsEndpoint: wire.url,
      effects: heldEffects(new Date()),
      logger: silentLogger,
    })
    const policyArns = ['arn:aws:iam::aws:policy/ReadOnlyAccess']
    return outcomeOf(wire, issuer.issue(orderOf({ policyArns, ...about.order })))
  }
}

describeRefusals('GetFederationToken', {
  'Postern runs with temporary credentials': provoke({ asHub: true }),
  'The user may not call it': provoke({ actions: ['s3:*'] }),
  'Tags without sts:TagSession': provoke({
    actions: ['sts:GetFederationToken'],
    order: { tags: { Team: 'red' } },
  }),
  'A duration below 15 minutes': provoke({ order: { durationSeconds: 20 } }),
  'A duration above 36 hours': provoke({ order: { durationSeconds: 129_601 } }),
  'A name with a space': provoke({ order: { roleSessionName: 'bob baker' } }),
  'Tags that differ in case only': provoke({ order: { tags: { team: 'a', Team: 'b' } } }),
  'A session policy that is no JSON': provoke({ order: { policy: '{"Version":' } }),
  'A session policy that is too large': provoke({
    sandbox: { switches: { packedPolicyLimit: 20 } },
  }),
  'An access key that AWS does not know': provoke({
    keys: { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x'.repeat(40) },
  }),
  'STS is switched off in the region': provoke({ fault: { kind: 'region-disabled' } }),
  'Too many calls': provoke({ fault: { kind: 'throttling' } }),
})
