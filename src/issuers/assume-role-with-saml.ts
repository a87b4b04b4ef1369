import type { AssumeRoleWithSAMLCommandInput } from '@aws-sdk/client-sts'
import type { Effects } from '../effects.ts'
import type { IssuerLimits } from '../entitlements/durations.ts'
import type { BrokerError } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { Failure } from './aws-faults.ts'
import { believe } from './believe-answer.ts'
import { type AwsTimeouts, completeTimeouts } from './bounded-http-handler.ts'
import { givenDuration } from './given-duration.ts'
import type { IssueOrder, Issuer } from './issuer.ts'
import { mindsDuration, usualSeconds } from './minded-duration.ts'
import { noAnswer } from './no-answer.ts'
import { checkSendable, type Parameter } from './sendable.ts'
import { stsCaller } from './sts-caller.ts'
import { createStsClients, type StsEndpoint } from './sts-clients.ts'
import { stsRegion } from './sts-region.ts'
import { stsTarget } from './sts-target.ts'

/** An assertion for one order. */
export interface AssertionForOrder {
  /** Base64 of the response, as an identity provider posts it. */
  readonly response: string
  readonly providerArn: string
  /** What the assertion names the role session; undefined where that is the identity provider's to say. */
  readonly roleSessionName: string | undefined
}

export interface AssumeRoleWithSamlOptions {
  readonly name: string
  /** What it means when AWS says that the assertion came too late; a refusal when undefined. */
  readonly tooOld?: (() => BrokerError) | undefined
  /** Rejects with a BrokerError where there is no assertion to be had. */
  readonly assertionFor: (order: IssueOrder) => Promise<AssertionForOrder>
  /** What the assertion or the call can tell AWS. */
  readonly able: readonly Parameter[]
  readonly stsEndpoint?: StsEndpoint | undefined
  readonly defaultRegion?: string | undefined
  readonly effects: Effects
  readonly logger: Pick<Logger, 'warn'>
  readonly timeouts?: Partial<AwsTimeouts> | undefined
  readonly attempts?: number | undefined
}

/** Seconds: a role allows 12 hours at most, and the console may have a life of its own (IAM User Guide, custom broker). */
const samlLimits: IssuerLimits = {
  maxSeconds: 43_200,
  console: 'own-duration',
  why: undefined,
}

/** Gets credentials by AssumeRoleWithSAML. The assertion is the authentication: Postern has no credentials of its own. */
export function createAssumeRoleWithSamlIssuer(options: AssumeRoleWithSamlOptions): Issuer {
  const { name, assertionFor, able, effects, stsEndpoint, defaultRegion, attempts = 3 } = options
  const timeouts = completeTimeouts(options.timeouts)
  const clients = createStsClients({
    ...options,
    source: { type: 'environment' },
    endpoint: stsEndpoint,
    timeouts,
  })
  const callSts = stsCaller({ clients, stsEndpoint, effects, attempts })

  function failed({ error, fault }: Failure): BrokerError {
    return isTooOld(fault) ? (options.tooOld?.() ?? error) : error
  }

  return {
    name,
    limits: () => Promise.resolve(samlLimits),
    async issue(order) {
      checkSendable(order, able)
      const region = stsRegion(order.role, order.region, defaultRegion)
      const way = { region, signal: AbortSignal.timeout(timeouts.total) }
      const assertion = await assertionFor(order)
      const { AssumeRoleWithSAMLCommand } = await import('@aws-sdk/client-sts')
      const call = async (durationSeconds: number | undefined) => {
        const command = new AssumeRoleWithSAMLCommand(inputFor(order, assertion, durationSeconds))
        return callSts('AssumeRoleWithSAML', way, (client, abortSignal) =>
          client.send(command, { abortSignal }),
        )
      }
      const first = await call(order.durationSeconds)
      const shortened = mindsDuration(first.failure, order) ? first.failure : undefined
      const last = shortened ? await call(undefined) : first
      if (!last.answer) throw failed(last.failure)
      const now = effects.now()
      const durationSeconds = shortened ? usualSeconds : order.durationSeconds
      const { roleSessionName } = assertion
      const expected = { role: order.role, roleSessionName, durationSeconds, now }
      const belief = believe(last.answer, expected)
      if (!belief.ok)
        throw noAnswer('AssumeRoleWithSAML', stsTarget(region, stsEndpoint), belief.why)
      const { credentials, assumedRoleArn } = belief
      const given = { expiration: credentials.expiration, now, usualSeconds }
      const { SourceIdentity: sourceIdentity } = last.answer
      return {
        credentials,
        assumedRoleArn,
        awsRequestId: last.answer.$metadata.requestId,
        ...givenDuration(order.durationSeconds, given, shortened?.fault),
        ...(sourceIdentity !== undefined && { facts: { sourceIdentity } }),
      }
    },
  }
}

function isTooOld(fault: Failure['fault']): boolean {
  return fault?.code.startsWith('ExpiredToken') === true && fault.message.includes('redeemed')
}

function inputFor(
  order: IssueOrder,
  { response, providerArn }: AssertionForOrder,
  durationSeconds: number | undefined,
): AssumeRoleWithSAMLCommandInput {
  return {
    RoleArn: order.role.arn,
    PrincipalArn: providerArn,
    SAMLAssertion: response,
    ...(durationSeconds !== undefined && { DurationSeconds: durationSeconds }),
    ...(order.policy !== undefined && { Policy: order.policy }),
    ...(order.policyArns.length > 0 && { PolicyArns: order.policyArns.map((arn) => ({ arn })) }),
  }
}
