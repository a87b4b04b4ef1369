import { onTestFinished } from 'vitest'
import type { Fault } from '../../../sandbox/faults/faults.ts'
import { startSandbox, type SandboxOptions } from '../../../sandbox/sandbox.ts'
import { createAssumeRoleWithSamlIssuer } from '../../../src/issuers/assume-role-with-saml.ts'
import type { IssueOrder } from '../../../src/issuers/issuer.ts'
import {
  type AssertionPlan,
  awsAttributes,
  plan,
  PROVIDER,
  samlResponse,
  type SigningPlan,
  strangerKey,
} from '../../sandbox/saml-signer.ts'
import { forRoles, samlWorld, trustsProvider } from '../../sandbox/saml-world.ts'
import { policy, role } from '../../sandbox/test-world.ts'
import { awsEnvironment } from '../../support/aws-environment.ts'
import { roleArn } from '../../support/broker-fakes.ts'
import { heldEffects } from '../../support/held-effects.ts'
import { silentLogger } from '../../support/silent-logger.ts'
import { orderOf } from '../orders.ts'
import { describeRefusals, type Outcome, outcomeOf } from './refusal-table.ts'
import { tapWire } from './wire.ts'

const now = new Date(Math.floor(Date.now() / 1000) * 1000)
const arn = (name: string) => roleArn(`arn:aws:iam::111111111111:role/${name}`)
const bare = policy(trustsProvider({ Action: 'sts:AssumeRoleWithSAML' }))
const world = samlWorld([
  role('Short', policy(trustsProvider()), { maxSessionDuration: 3600 }),
  role('Bare', bare),
])

interface Case {
  readonly assertion?: Partial<AssertionPlan>
  readonly signing?: Partial<SigningPlan>
  /** In place of the response. */
  readonly response?: string
  readonly provider?: string
  readonly order?: Partial<IssueOrder>
  readonly fault?: Fault
  readonly sandbox?: SandboxOptions
}

function provoke(about: Case): () => Promise<Outcome> {
  return async () => {
    awsEnvironment({})
    const sandbox = await startSandbox({ world, now: () => now, ...about.sandbox })
    onTestFinished(() => sandbox.close())
    if (about.fault) sandbox.faults.next('AssumeRoleWithSAML', about.fault, 4)
    const wire = await tapWire(sandbox.url)
    const response = about.response ?? samlResponse(plan(now, about.assertion), about.signing)
    const issuer = createAssumeRoleWithSamlIssuer({
      name: 'adfs',
      assertionFor: () =>
        Promise.resolve({
          response,
          providerArn: about.provider ?? PROVIDER,
          roleSessionName: undefined,
        }),
      able: ['policy', 'policyArns'],
      stsEndpoint: wire.url,
      effects: heldEffects(now),
      logger: silentLogger,
    })
    const order = orderOf({ role: arn('Saml'), ...about.order })
    return outcomeOf(wire, issuer.issue(order))
  }
}

/** A role of that name, which the assertion names too. */
function named(name: string, attributes: Readonly<Record<string, readonly string[]>> = {}) {
  return {
    order: { role: arn(name) },
    assertion: { attributes: awsAttributes({ Role: forRoles(name), ...attributes }) },
  }
}

describeRefusals('AssumeRoleWithSAML', {
  'There is no such role': provoke(named('Nowhere')),
  'The trust policy names another recipient': provoke({
    assertion: { recipient: 'https://signin.aws.amazon.com/saml' },
  }),
  'Tags without sts:TagSession': provoke(named('Bare', { 'PrincipalTag:Team': ['red'] })),
  'A source identity without sts:SetSourceIdentity': provoke(
    named('Bare', { SourceIdentity: ['bob'] }),
  ),
  'No NameID': provoke({ assertion: { nameId: undefined } }),
  'A duration below 15 minutes': provoke({ order: { durationSeconds: 20 } }),
  'A duration above the role’s maximum': provoke({
    ...named('Short'),
    order: { role: arn('Short'), durationSeconds: 7200 },
  }),
  'A role ARN that is none': provoke({
    order: { role: { ...arn('Saml'), arn: 'arn:aws:iam::111111111111:group/Saml' } },
  }),
  'No RoleSessionName': provoke({
    assertion: { attributes: awsAttributes({ RoleSessionName: undefined }) },
  }),
  'A RoleSessionName with a space': provoke({
    assertion: { attributes: awsAttributes({ RoleSessionName: ['Alice Anders'] }) },
  }),
  'A source identity that begins with aws:': provoke({
    assertion: { attributes: awsAttributes({ SourceIdentity: ['aws:alice'] }) },
  }),
  'A signature of another key': provoke({ signing: { key: strangerKey } }),
  'A provider that IAM does not have': provoke({ provider: `${PROVIDER}2` }),
  'Another issuer than in the metadata': provoke({
    assertion: { issuer: 'https://other.example', responseIssuer: 'https://other.example' },
  }),
  'No response of SAML': provoke({ response: 'A///' }),
  'Another audience than AWS': provoke({
    assertion: { audiences: [['https://aws.corp.example']] },
  }),
  'More than 5 minutes since the sign-in': provoke({ assertion: { issued: -301 } }),
  'Tags that differ in case only': provoke({
    assertion: {
      attributes: awsAttributes({ 'PrincipalTag:Team': ['a'], 'PrincipalTag:team': ['b'] }),
    },
  }),
  'A session policy that is no JSON': provoke({ order: { policy: '{"Version":' } }),
  'A session policy that is too large': provoke({
    order: { policyArns: ['arn:aws:iam::aws:policy/ReadOnlyAccess'] },
    sandbox: { switches: { packedPolicyLimit: 20 } },
  }),
  'The provider said no': provoke({ fault: { kind: 'identity-rejected' } }),
  'STS is switched off in the region': provoke({ fault: { kind: 'region-disabled' } }),
  'Too many calls': provoke({ fault: { kind: 'throttling' } }),
})
