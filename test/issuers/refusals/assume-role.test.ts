import { onTestFinished } from 'vitest'
import type { Fault } from '../../../sandbox/faults/faults.ts'
import { startSandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts'
import { DEMO_BASE_ACCESS_KEY } from '../../../sandbox/world/demo-world.ts'
import { createAssumeRoleIssuer } from '../../../src/issuers/assume-role.ts'
import type { IssueOrder } from '../../../src/issuers/issuer.ts'
import { assume, type Keys, keysOf } from '../../sandbox/sdk.ts'
import { policy, role, ROOT_KEY, trusts, worldWith } from '../../sandbox/test-world.ts'
import { awsEnvironment } from '../../support/aws-environment.ts'
import { roleArn } from '../../support/broker-fakes.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { orderOf } from '../orders.ts'
import { describeRefusals, type Outcome, outcomeOf } from './refusal-table.ts'
import { type Passing, tapWire } from './wire.ts'

const user = 'arn:aws:iam::111111111111:user/postern-broker'
const there = 'arn:aws:iam::222222222222:role/There'
const arn = (name: string) => roleArn(`arn:aws:iam::111111111111:role/${name}`)
const mayAssume = policy({ Effect: 'Allow', Action: 'sts:*', Resource: '*' })
const world = worldWith(
  [
    role('Open', policy(trusts([user, arn('Hub').arn])), { maxSessionDuration: 3600 }),
    role('Long', policy(trusts([user, arn('Hub').arn]))),
    role('Bare', policy(trusts(user, { Action: 'sts:AssumeRole' }))),
    role('Closed', policy(trusts('arn:aws:iam::111111111111:user/other'))),
    role('Hub', policy(trusts(user)), { policies: [mayAssume] }),
  ],
  [role('There', policy(trusts(user)))],
)

interface Case {
  readonly order?: Partial<IssueOrder>
  readonly keys?: Keys
  /** Postern runs as the role Hub, with these tags for good. */
  readonly asHub?: { readonly Key: string; readonly Value: string }
  readonly fault?: Fault
  readonly sandbox?: SandboxOptions
  readonly meddle?: (passing: Passing) => Passing
}

function provoke(about: Case): () => Promise<Outcome> {
  return async () => {
    const sandbox = await startSandbox({ world, ...about.sandbox })
    onTestFinished(() => sandbox.close())
    const tag = about.asHub
    const hub = tag && { Tags: [tag], TransitiveTagKeys: [tag.Key] }
    const keys: Keys = hub
      ? keysOf(await assume(sandbox.url, { RoleArn: arn('Hub').arn, ...hub }))
      : (about.keys ?? DEMO_BASE_ACCESS_KEY)
    awsEnvironment({
      AWS_ACCESS_KEY_ID: keys.accessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
      ...(keys.sessionToken !== undefined && { AWS_SESSION_TOKEN: keys.sessionToken }),
    })
    if (about.fault) sandbox.faults.next('AssumeRole', about.fault, 4)
    const wire = await tapWire(sandbox.url, about.meddle)
    const issuer = createAssumeRoleIssuer({
      name: 'hub',
      source: { type: 'environment' },
      stsEndpoint: wire.url,
      effects: heldEffects(new Date()),
      logger: silentLogger,
    })
    const asked = orderOf({ role: arn('Open'), ...about.order })
    return outcomeOf(wire, issuer.issue(asked))
  }
}

const minutes = (many: number) => () => new Date(Date.now() + many * 60_000)
/** A proxy that puts this in the place of the signature; nothing where it is undefined. */
const withSignature =
  (authorization?: string) =>
  ({ headers, body }: Passing) => {
    const others = { ...headers }
    delete others.authorization
    return { headers: authorization === undefined ? others : { ...others, authorization }, body }
  }

describeRefusals('AssumeRole', {
  'The trust policy names somebody else': provoke({ order: { role: arn('Closed') } }),
  'There is no such role': provoke({ order: { role: arn('Nowhere') } }),
  'Tags without sts:TagSession': provoke({ order: { role: arn('Bare'), tags: { Team: 'red' } } }),
  'A source identity without sts:SetSourceIdentity': provoke({
    order: { role: arn('Bare'), sourceIdentity: 'bob' },
  }),
  'Postern runs with root keys': provoke({ keys: ROOT_KEY }),
  'A duration below 15 minutes': provoke({ order: { durationSeconds: 20 } }),
  'A duration above 12 hours': provoke({ order: { durationSeconds: 43_201, role: arn('Long') } }),
  'A role session name with a space': provoke({ order: { roleSessionName: 'bob baker' } }),
  'A duration above the role’s maximum': provoke({ order: { durationSeconds: 7200 } }),
  'A duration above 1 hour with the credentials of a role': provoke({
    order: { durationSeconds: 7200, role: arn('Long') },
    asHub: { Key: 'Team', Value: 'red' },
  }),
  'A role ARN that is none': provoke({
    order: { role: { ...arn('Open'), arn: 'arn:aws:iam::111111111111:group/Open' } },
  }),
  'Tags that differ in case only': provoke({ order: { tags: { team: 'a', Team: 'b' } } }),
  'A transitive tag that is no tag': provoke({
    order: { tags: { Team: 'red' }, transitiveTagKeys: ['Other'] },
  }),
  'A tag that Postern’s own session carries for good': provoke({
    order: { tags: { Team: 'blue' }, transitiveTagKeys: ['Team'] },
    asHub: { Key: 'Team', Value: 'red' },
  }),
  'A session policy that is no JSON': provoke({ order: { policy: '{"Version":' } }),
  'A session policy with a fault': provoke({
    order: { policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Perhaps"}]}' },
  }),
  'A session policy that is too large': provoke({
    order: { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    sandbox: { switches: { packedPolicyLimit: 20 } },
  }),
  'STS is switched off in the region': provoke({
    order: { role: roleArn(there), region: 'ap-east-1' },
  }),
  'An access key that AWS does not know': provoke({
    keys: { accessKeyId: 'AKIANOBODYNOBODYNOBO', secretAccessKey: 'x'.repeat(40) },
  }),
  'Base credentials that have expired': provoke({ fault: { kind: 'expired-token' } }),
  'Too many calls': provoke({ fault: { kind: 'throttling' } }),
  'A secret access key that is not the key’s': provoke({
    keys: { ...DEMO_BASE_ACCESS_KEY, secretAccessKey: 'x'.repeat(40) },
  }),
  'Postern’s clock is slow': provoke({ sandbox: { now: minutes(20) } }),
  'Postern’s clock is fast': provoke({ sandbox: { now: minutes(-20) } }),
  'An endpoint of another region': provoke({ sandbox: { switches: { region: 'us-west-2' } } }),
  'A proxy that takes the signature off': provoke({ meddle: withSignature() }),
  'A proxy that cuts the signature': provoke({
    meddle: withSignature('AWS4-HMAC-SHA256 SignedHeaders=host, Signature=00'),
  }),
  'An endpoint that is not STS': provoke({
    meddle: ({ headers, body }) => ({ headers, body: body.replace('AssumeRole', 'AssumeRule') }),
  }),
  'A fault of AWS’s own': provoke({ fault: { kind: 'internal-failure' } }),
})
