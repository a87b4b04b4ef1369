import { createHash } from 'node:crypto'
import type { GetFederationTokenCommandInput } from '@aws-sdk/client-sts'
import type { Effects } from '../effects.ts'
import type { IssuerLimits } from '../entitlements/durations.ts'
import { AwsRefused } from '../errors.ts'
import { type Person, personKey } from '../identity/identity.ts'
import type { Logger } from '../telemetry/logger.ts'
import { believe } from './believe-answer.ts'
import { type AwsTimeouts, completeTimeouts } from './bounded-http-handler.ts'
import { givenDuration } from './given-duration.ts'
import type { IssueOrder, Issuer } from './issuer.ts'
import { usualSeconds } from './minded-duration.ts'
import { noAnswer } from './no-answer.ts'
import { checkSendable } from './sendable.ts'
import { stsCaller } from './sts-caller.ts'
import { type BaseSource, createStsClients, type StsEndpoint } from './sts-clients.ts'
import { stsRegion } from './sts-region.ts'
import { stsTarget } from './sts-target.ts'

export interface FederationTokenOptions {
  readonly name: string
  /** Long-term keys of an IAM user. */
  readonly source: BaseSource
  readonly stsEndpoint?: StsEndpoint | undefined
  readonly defaultRegion?: string | undefined
  readonly effects: Effects
  readonly logger: Pick<Logger, 'warn'>
  readonly timeouts?: Partial<AwsTimeouts> | undefined
  readonly attempts?: number | undefined
}

const federationTokenLimits: IssuerLimits = {
  maxSeconds: 43_200,
  console: 'as-credentials',
  why: 'AWS takes no duration for the console with federation tokens',
}

/**
 * Gets credentials by GetFederationToken, for who has nothing but an IAM user. There is no role: the session may do what
 * both the user and the session policy allow, so that the policy is the role (STS API, GetFederationToken). The role's ARN
 * gives account and name, and no such role need be in IAM.
 */
export function createFederationTokenIssuer(options: FederationTokenOptions): Issuer {
  const { name, effects, stsEndpoint, defaultRegion, attempts = 3 } = options
  const timeouts = completeTimeouts(options.timeouts)
  const clients = createStsClients({ ...options, endpoint: stsEndpoint, timeouts })
  const callSts = stsCaller({ clients, stsEndpoint, effects, attempts })

  return {
    name,
    limits: () => Promise.resolve(federationTokenLimits),
    async issue(order) {
      checkSendable(order, ['policy', 'policyArns', 'tags'])
      const federated = federatedName(order.roleSessionName, order.person)
      const input = inputFor(order, federated)
      const region = stsRegion(order.role, order.region, defaultRegion)
      const way = { region, signal: AbortSignal.timeout(timeouts.total) }
      const { GetFederationTokenCommand } = await import('@aws-sdk/client-sts')
      const command = new GetFederationTokenCommand(input)
      const { answer, failure } = await callSts('GetFederationToken', way, (client, abortSignal) =>
        client.send(command, { abortSignal }),
      )
      if (!answer) {
        if (callerIsUnknown.test(failure.fault?.code ?? '')) clients.forget()
        throw failure.error
      }
      const arn = answer.FederatedUser?.Arn
      if (arn !== undefined && accountIn(arn) !== order.role.accountId) throw otherAccount(arn)
      const now = effects.now()
      const { durationSeconds, role } = order
      const belief = believe(
        { ...answer, AssumedRoleUser: { Arn: arn } },
        { role, roleSessionName: federated, durationSeconds, now, kind: 'federated-user' },
      )
      if (!belief.ok)
        throw noAnswer('GetFederationToken', stsTarget(region, stsEndpoint), belief.why)
      const { credentials, assumedRoleArn } = belief
      const given = { expiration: credentials.expiration, now, usualSeconds }
      return {
        credentials,
        assumedRoleArn,
        awsRequestId: answer.$metadata.requestId,
        ...givenDuration(durationSeconds, given, undefined),
      }
    },
  }
}

const longestName = 32

/** A name of 2 to 32 characters (STS API, GetFederationToken). A longer one ends in a hash, so that nobody shares it. */
export function federatedName(roleSessionName: string, person: Person): string {
  if (roleSessionName.length <= longestName) return roleSessionName
  const hash = createHash('sha256')
    .update(JSON.stringify([personKey(person), roleSessionName]))
    .digest('hex')
    .slice(0, 12)
  return `${roleSessionName.slice(0, longestName - hash.length - 1)}=${hash}`
}

function inputFor(order: IssueOrder, federated: string): GetFederationTokenCommandInput {
  const { policy, policyArns, tags, durationSeconds } = order
  // AWS would give a session that may do nothing; that it is not everything is nothing to rely on.
  if (policy === undefined && policyArns.length === 0)
    throw new TypeError('a federation token needs a session policy')
  const given = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }))
  return {
    Name: federated,
    DurationSeconds: durationSeconds,
    ...(policy !== undefined && { Policy: policy }),
    ...(policyArns.length > 0 && { PolicyArns: policyArns.map((arn) => ({ arn })) }),
    ...(given.length > 0 && { Tags: given }),
  }
}

function accountIn(arn: string): string | undefined {
  return arn.split(':')[4]
}

/** What was issued is dropped: the page would name an account that it is not of. */
function otherAccount(arn: string): AwsRefused {
  const account = accountIn(arn) ?? 'unknown'
  return new AwsRefused(
    'The access key of this issuer belongs to another account than the role.',
    {
      causes: [`The IAM user is in the account ${account}.`],
      remedies: ['Give the issuer the key of a user in the account of the role.'],
    },
    {
      operation: 'GetFederationToken',
      status: undefined,
      code: 'AccountMismatch',
      message: `The federated user is in ${account}.`,
      requestId: undefined,
    },
  )
}

const callerIsUnknown = /^(?:InvalidClientTokenId|UnrecognizedClientException)$/
