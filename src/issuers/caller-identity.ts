import { BrokerError } from '../errors.ts'
import { type AwsTimeouts, completeTimeouts } from './bounded-http-handler.ts'
import { failureOf } from './aws-faults.ts'
import { createStsClients, type StsClientOptions } from './sts-clients.ts'
import { stsTarget } from './sts-target.ts'

export interface CallerOptions extends Omit<StsClientOptions, 'timeouts'> {
  readonly region: string
  readonly timeouts?: Partial<AwsTimeouts> | undefined
}

/**
 * The ARN that base credentials stand for (STS API, GetCallerIdentity, which needs no permission). Rejects as an issuer
 * does.
 */
export async function callerIdentity(options: CallerOptions): Promise<string> {
  const { region, endpoint } = options
  const timeouts = completeTimeouts(options.timeouts)
  try {
    const client = await createStsClients({ ...options, timeouts }).forRegion(region)
    const { GetCallerIdentityCommand } = await import('@aws-sdk/client-sts')
    const abortSignal = AbortSignal.timeout(timeouts.total)
    const { Arn: arn } = await client.send(new GetCallerIdentityCommand({}), { abortSignal })
    return arn ?? 'an answer without an ARN'
  } catch (error) {
    if (error instanceof BrokerError) throw error
    throw failureOf(error, 'GetCallerIdentity', stsTarget(region, endpoint)).error
  }
}
