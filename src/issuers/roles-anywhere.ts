import type { Effects } from '../effects.ts'
import type { IssuerLimits } from '../entitlements/durations.ts'
import type { KeySource } from '../keys/key-source.ts'
import { createSession, regionOf } from '../rolesanywhere/create-session.ts'
import { resolveEndpoint } from '../rolesanywhere/endpoint.ts'
import type { RolesAnywhereSession } from '../rolesanywhere/session-answer.ts'
import { believe } from './believe-answer.ts'
import { type AwsTimeouts, completeTimeouts } from './bounded-http-handler.ts'
import { createSessionFailure } from './create-session-failure.ts'
import { givenDuration } from './given-duration.ts'
import type { Issued, IssueOrder, Issuer } from './issuer.ts'
import { noAnswer } from './no-answer.ts'
import { checkSendable } from './sendable.ts'
import type { Target } from './unreachable.ts'

/** A trust anchor with a profile, and where they are asked. */
export interface RolesAnywherePlace {
  readonly trustAnchorArn: string
  readonly profileArn: string
  /** That of the trust anchor when undefined. */
  readonly region?: string | undefined
  /** `aws.endpoints.rolesAnywhere`; AWS's own regional endpoint when undefined. */
  readonly endpoint?: string | undefined
  /** Which of AWS's own endpoints; an `endpoint` can not be combined with them. */
  readonly fips?: boolean | undefined
  readonly dualStack?: boolean | undefined
}

export interface RolesAnywhereCall extends RolesAnywherePlace {
  readonly effects: Effects
  readonly timeouts?: Partial<AwsTimeouts> | undefined
  readonly attempts?: number | undefined
}

export interface RolesAnywhereOptions extends RolesAnywhereCall {
  readonly name: string
  readonly key: KeySource
  /** Whether the profile accepts role session names; without, AWS uses the serial number of the certificate. */
  readonly sendSessionName: boolean
}

/** Seconds. The profile may give less without a word. */
const rolesAnywhereMaximum = 43_200

/** AWS does not say whether it takes a duration for the console with these credentials, so none is sent. */
export const rolesAnywhereLimits: IssuerLimits = {
  maxSeconds: rolesAnywhereMaximum,
  console: 'as-credentials',
  why: 'the credentials come from IAM Roles Anywhere',
}

/** Gets credentials by CreateSession, with one certificate for everybody (IAM Roles Anywhere User Guide). */
export function createRolesAnywhereIssuer(options: RolesAnywhereOptions): Issuer {
  const { name, key, sendSessionName } = options
  const ask = sessionAsker(options)
  return {
    name,
    limits: () => Promise.resolve(rolesAnywhereLimits),
    async issue(order) {
      checkSendable(order, [])
      const roleSessionName = sendSessionName ? order.roleSessionName : undefined
      const session = await ask({ ...order, roleArn: order.role.arn, roleSessionName }, key)
      return issuedFrom(session, { ...order, roleSessionName }, options)
    },
  }
}

interface Asked {
  readonly roleArn: string
  readonly durationSeconds: number
  readonly roleSessionName: string | undefined
}

/** CreateSession with its retries, in bounded time, in the words of an issuer. */
export function sessionAsker(options: RolesAnywhereCall) {
  const { trustAnchorArn, profileArn, effects, attempts = 3 } = options
  const { endpoint, fips, dualStack } = options
  const timeouts = completeTimeouts(options.timeouts)
  const target = rolesAnywhereTarget(options)
  return async (
    { roleArn, durationSeconds, roleSessionName }: Asked,
    key: KeySource,
  ): Promise<RolesAnywhereSession> => {
    const request = { trustAnchorArn, profileArn, roleArn, durationSeconds, roleSessionName }
    try {
      return await createSession(request, () => key.current(), {
        ...(options.region !== undefined && { region: options.region }),
        endpoint,
        fips,
        dualStack,
        effects,
        agents: effects.network,
        maxAttempts: attempts,
        attemptTimeout: timeouts.answer,
        signal: AbortSignal.timeout(timeouts.total),
      })
    } catch (error) {
      // A token that was taken out, or a certificate on it that was renewed.
      await key.reopen()
      throw createSessionFailure(error, target)
    }
  }
}

/** The session as it is handed out, if it is the one that was ordered. */
export function issuedFrom(
  session: RolesAnywhereSession,
  order: Pick<IssueOrder, 'role' | 'durationSeconds'> & {
    readonly roleSessionName: string | undefined
  },
  options: RolesAnywhereCall,
): Issued {
  const now = options.effects.now()
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = session.credentials
  const answer = {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
      Expiration: expiration,
    },
    AssumedRoleUser: { Arn: session.assumedRoleArn },
  }
  const belief = believe(answer, { ...order, now })
  if (!belief.ok) throw noAnswer('CreateSession', rolesAnywhereTarget(options), belief.why)
  const { sourceIdentity } = session
  return {
    credentials: belief.credentials,
    assumedRoleArn: belief.assumedRoleArn,
    awsRequestId: session.requestId,
    ...givenDuration(order.durationSeconds, { expiration, now, usualSeconds: 0 }, undefined),
    ...(sourceIdentity !== undefined && { facts: { sourceIdentity } }),
  }
}

/** Whom CreateSession reaches. InvalidRequest for ARNs that are none, or of two regions. */
export function rolesAnywhereTarget(place: RolesAnywherePlace): Target {
  const region = regionOf(place, place.region)
  const { url } = resolveEndpoint({ ...place, region })
  return { host: url.host, setting: 'aws.endpoints.rolesAnywhere' }
}
