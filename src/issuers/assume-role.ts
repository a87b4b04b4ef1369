import type { AssumeRoleCommandOutput } from '@aws-sdk/client-sts'
import type { Effects } from '../effects.ts'
import type { Logger } from '../telemetry/logger.ts'
import { assumeRoleInput } from './assume-role-input.ts'
import { createLimits } from './assume-role-limits.ts'
import type { Failure } from './aws-faults.ts'
import { believe } from './believe-answer.ts'
import { type AwsTimeouts, completeTimeouts } from './bounded-http-handler.ts'
import { givenDuration } from './given-duration.ts'
import type { Issued, IssueOrder, Issuer } from './issuer.ts'
import { noAnswer } from './no-answer.ts'
import { mindsDuration, usualSeconds } from './minded-duration.ts'
import { isChainingRefusal } from './request-advice.ts'
import { stsCaller, type Way } from './sts-caller.ts'
import { type BaseSource, createStsClients, type StsEndpoint } from './sts-clients.ts'
import { stsRegion } from './sts-region.ts'
import { stsTarget } from './sts-target.ts'

export interface AssumeRoleOptions {
  /** Key under `issuers` in the configuration. */
  readonly name: string
  readonly source: BaseSource
  /** `aws.endpoints.sts`; AWS's own regional endpoint when undefined. */
  readonly stsEndpoint?: StsEndpoint | undefined
  /** For roles without a region, where it is in their partition. */
  readonly defaultRegion?: string | undefined
  /** Whether AWS counts Postern's own credentials as a role; found out when undefined. */
  readonly chained?: boolean | undefined
  readonly effects: Effects
  readonly logger: Pick<Logger, 'warn'>
  readonly timeouts?: Partial<AwsTimeouts> | undefined
  /** Tries for each call; only throttling and AWS's own faults are tried again. */
  readonly attempts?: number | undefined
}

/** Gets credentials by AssumeRole, with Postern's own credentials from the SDK's default chain or from a profile. */
export function createAssumeRoleIssuer(options: AssumeRoleOptions): Issuer {
  const { name, effects, stsEndpoint, defaultRegion, attempts = 3 } = options
  const timeouts = completeTimeouts(options.timeouts)
  const clients = createStsClients({ ...options, endpoint: stsEndpoint, timeouts })
  const limits = createLimits({
    ...options,
    clients,
    chained: options.chained,
    region: defaultRegion ?? 'us-east-1',
  })

  const target = (region: string) => stsTarget(region, stsEndpoint)

  const callSts = stsCaller({ clients, stsEndpoint, effects, attempts })

  /** `durationSeconds` undefined leaves the duration to AWS. */
  async function call(order: IssueOrder, durationSeconds: number | undefined, way: Way) {
    const { AssumeRoleCommand } = await import('@aws-sdk/client-sts')
    const command = new AssumeRoleCommand(assumeRoleInput(order, durationSeconds))
    return callSts('AssumeRole', way, (client, abortSignal) =>
      client.send(command, { abortSignal }),
    )
  }

  function give(
    order: IssueOrder,
    answer: AssumeRoleCommandOutput,
    refusal: Failure | undefined,
    region: string,
  ): Issued {
    const now = effects.now()
    const durationSeconds = refusal ? usualSeconds : order.durationSeconds
    const belief = believe(answer, { ...order, durationSeconds, now })
    if (!belief.ok) throw noAnswer('AssumeRole', target(region), belief.why)
    const { credentials, assumedRoleArn } = belief
    const { expiration } = credentials
    const given = { expiration, now, usualSeconds }
    return {
      credentials,
      assumedRoleArn,
      awsRequestId: answer.$metadata.requestId,
      ...givenDuration(order.durationSeconds, given, refusal?.fault),
      // Base credentials of a certificate bring one along, whatever was ordered.
      ...(answer.SourceIdentity !== undefined && {
        facts: { sourceIdentity: answer.SourceIdentity },
      }),
    }
  }

  return {
    name,
    limits: async () => limits.current(),
    async issue(order) {
      const region = stsRegion(order.role, order.region, defaultRegion)
      const way = { region, signal: AbortSignal.timeout(timeouts.total) }
      const first = await call(order, order.durationSeconds, way)
      const shortened = mindsDuration(first.failure, order) ? first.failure : undefined
      if (shortened?.fault && isChainingRefusal(shortened.fault.message)) limits.learnChained()
      const last = shortened ? await call(order, undefined, way) : first
      if (last.answer) return give(order, last.answer, shortened, region)
      // Keys are rotated under a running broker; the next call reads them anew.
      if (callerIsUnknown.test(last.failure.fault?.code ?? '')) clients.forget()
      throw last.failure.error
    },
  }
}

const callerIsUnknown =
  /^(?:InvalidClientTokenId|UnrecognizedClientException|ExpiredToken(?:Exception)?)$/
