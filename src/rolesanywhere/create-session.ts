import type { Effects } from '../effects.ts'
import { AwsUnavailable, InvalidRequest } from '../errors.ts'
import type { Signer } from '../keys/signer.ts'
import { type EndpointOptions, resolveEndpoint } from './endpoint.ts'
import { type Agents, type Answer, exchange, ExchangeFailed } from './exchange.ts'
import { checkRoleArn, parseRolesAnywhereArn } from './rolesanywhere-arn.ts'
import { isPassing, readFault, requestId, RolesAnywhereFault } from './rolesanywhere-fault.ts'
import { readSession, type RolesAnywhereSession } from './session-answer.ts'
import {
  amzDate,
  authorization,
  canonicalQuery,
  certificateHeaders,
  type UnsignedRequest,
} from './sign.ts'

/** What a session is asked for (IAM Roles Anywhere API Reference, "CreateSession"). */
export interface SessionRequest {
  readonly trustAnchorArn: string
  readonly profileArn: string
  readonly roleArn: string
  /** 900 to 43,200; default 3,600. The profile's own maximum wins where it is less. */
  readonly durationSeconds?: number | undefined
  /** Only where the profile accepts one; default is the certificate's serial number. */
  readonly roleSessionName?: string | undefined
}

export interface SessionOptions extends Partial<EndpointOptions> {
  readonly effects: Pick<Effects, 'now' | 'randomBytes' | 'sleep'>
  /** The ways out, or how to find them for the endpoint. */
  readonly agents?: Agents | ((endpoint: URL) => Agents | Promise<Agents>) | undefined
  readonly userAgent?: string | undefined
  /** Default 3. */
  readonly maxAttempts?: number | undefined
  /** Milliseconds for one attempt; default 10,000. */
  readonly attemptTimeout?: number | undefined
  readonly signal?: AbortSignal | undefined
}

const path = '/sessions'
const longestPause = 5_000

/**
 * Exchanges a certificate for the credentials of a role. The signer is asked for at each attempt, so that a renewed
 * certificate is used at once. InvalidRequest, KeyFault, RolesAnywhereFault when AWS refuses, AwsUnavailable when it
 * does not answer; or the signal's reason.
 */
export async function createSession(
  request: SessionRequest,
  signerNow: () => Signer | Promise<Signer>,
  options: SessionOptions,
): Promise<RolesAnywhereSession> {
  const { signingRegion, url } = resolveEndpoint({
    ...options,
    region: regionOf(request, options.region),
  })
  const body = bodyOf(request)
  const { profileArn, roleArn, trustAnchorArn } = request
  const query = { profileArn, roleArn, trustAnchorArn }
  const target = new URL(url)
  target.pathname = `${url.pathname.replace(/\/$/, '')}${path}`
  target.search = canonicalQuery(query)
  const attempts = options.maxAttempts ?? 3
  const { agents = {} } = options
  const waysOut = typeof agents === 'function' ? await agents(url) : agents
  const invocation = uuid(options.effects.randomBytes(16))
  for (let attempt = 1; ; attempt += 1) {
    try {
      const signer = await signerNow()
      const headers = {
        'amz-sdk-invocation-id': invocation,
        'amz-sdk-request': `attempt=${attempt}; max=${attempts}`,
        'content-type': 'application/json',
        host: target.host,
        'x-amz-date': amzDate(options.effects.now()),
        ...certificateHeaders(signer),
      }
      // A prefix of the endpoint is the proxy's, who takes it off; AWS sees and checks the bare path.
      const unsigned: UnsignedRequest = { method: 'POST', path, query, headers, body }
      const answer = await exchange({
        url: target,
        headers: {
          ...headers,
          authorization: await authorization(unsigned, signingRegion, signer),
          ...(options.userAgent && { 'user-agent': options.userAgent }),
        },
        body,
        agents: waysOut,
        timeout: options.attemptTimeout ?? 10_000,
        signal: options.signal,
      })
      return sessionFrom(answer, attempt, options.effects.now())
    } catch (error) {
      if (attempt >= attempts || !mayPass(error)) throw error
    }
    await options.effects.sleep(pause(attempt, options.effects), options.signal)
  }
}

/** The region to ask: the one given, else the trust anchor's. InvalidRequest when anchor and profile disagree. */
export function regionOf(
  { trustAnchorArn, profileArn }: Pick<SessionRequest, 'trustAnchorArn' | 'profileArn'>,
  region?: string,
): string {
  const anchor = parseRolesAnywhereArn(trustAnchorArn, 'trust-anchor')
  const profile = parseRolesAnywhereArn(profileArn, 'profile')
  if (anchor.region !== profile.region) {
    throw new InvalidRequest(
      "trust anchor and profile regions don't match: " +
        `the trust anchor is in ${anchor.region}, the profile in ${profile.region}.`,
    )
  }
  return region === undefined || region === '' ? anchor.region : region
}

function bodyOf({ roleArn, durationSeconds = 3_600, roleSessionName }: SessionRequest): string {
  checkRoleArn(roleArn)
  if (!Number.isInteger(durationSeconds) || durationSeconds < 900 || durationSeconds > 43_200) {
    throw new InvalidRequest('The session duration must be 900 to 43200 seconds.')
  }
  // STS API Reference, "AssumeRole", RoleSessionName.
  if (roleSessionName && !/^[\w+=,.@-]{2,64}$/.test(roleSessionName)) {
    throw new InvalidRequest('A role session name has 2 to 64 letters, digits or any of _+=,.@-')
  }
  return JSON.stringify({ durationSeconds, ...(roleSessionName && { roleSessionName }) })
}

function sessionFrom(answer: Answer, attempts: number, now: Date): RolesAnywhereSession {
  const clockSkewSeconds = skew(answer.headers.date, now)
  if (answer.status >= 200 && answer.status < 300) {
    return { ...readSession(answer.body), requestId: requestId(answer.headers), clockSkewSeconds }
  }
  if (answer.status < 400) {
    throw new AwsUnavailable(
      'The endpoint redirects instead of answering. Check the endpoint, and any proxy before it.',
      {
        detail: `HTTP ${answer.status}`,
      },
    )
  }
  const fault = readFault(answer.status, answer.headers, answer.body)
  throw new RolesAnywhereFault(fault, { attempts, mayPass: isPassing(fault), clockSkewSeconds })
}

function mayPass(error: unknown): boolean {
  return (error instanceof RolesAnywhereFault || error instanceof ExchangeFailed) && error.mayPass
}

// Full jitter, so that a fleet that was throttled together does not come back together.
function pause(attempt: number, { randomBytes }: Pick<Effects, 'randomBytes'>): number {
  const fraction = randomBytes(4).readUInt32BE() / 2 ** 32
  return Math.floor(fraction * Math.min(longestPause, 500 * 2 ** attempt))
}

function skew(date: string | undefined, now: Date): number | undefined {
  const theirs = date === undefined ? Number.NaN : Date.parse(date)
  return Number.isNaN(theirs) ? undefined : Math.round((theirs - now.getTime()) / 1000)
}

function uuid(random: Buffer): string {
  const bytes = Buffer.from(random)
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6)
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8)
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
