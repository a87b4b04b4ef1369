import type { Credentials } from '../credentials/credentials.ts'
import type { RoleArn } from '../entitlements/arn.ts'

/** An answer of STS, with nothing about it taken for granted. */
export interface StsAnswer {
  readonly Credentials?:
    | {
        readonly AccessKeyId?: string | undefined
        readonly SecretAccessKey?: string | undefined
        readonly SessionToken?: string | undefined
        readonly Expiration?: Date | undefined
      }
    | undefined
  readonly AssumedRoleUser?: { readonly Arn?: string | undefined } | undefined
}

export interface Expected {
  readonly role: RoleArn
  /** Undefined where AWS chooses it. */
  readonly roleSessionName: string | undefined
  /** Of a role unless it says otherwise. */
  readonly kind?: 'assumed-role' | 'federated-user'
  /** Seconds that were ordered. */
  readonly durationSeconds: number
  readonly now: Date
}

export type Belief =
  | { readonly ok: true; readonly credentials: Credentials; readonly assumedRoleArn: string }
  /** What is wrong with it, without a byte of it. */
  | { readonly ok: false; readonly why: string }

/** STS takes requests from clocks that differ from its own by 15 minutes; credentials may seem that much longer. */
const clockTolerance = 15 * 60_000

/**
 * The credentials of an answer, if they are whole, in the future, no longer than ordered, and those of the role session
 * that was ordered. The key's form is that of the STS API's model; a token has no documented length.
 */
export function believe(answer: StsAnswer, expected: Expected): Belief {
  const { AccessKeyId, SecretAccessKey, SessionToken, Expiration } = answer.Credentials ?? {}
  const assumedRoleArn = answer.AssumedRoleUser?.Arn
  if (!matches(AccessKeyId, /^\w{16,128}$/)) return wrong('AccessKeyId')
  if (!matches(SecretAccessKey, /^[\x21-\x7e]{16,256}$/)) return wrong('SecretAccessKey')
  if (!matches(SessionToken, /^[\x21-\x7e]{1,65536}$/)) return wrong('SessionToken')
  if (!(Expiration instanceof Date) || Number.isNaN(Expiration.getTime()))
    return wrong('Expiration')
  if (assumedRoleArn === undefined || !isSessionArn(assumedRoleArn, expected))
    return wrong('AssumedRoleUser.Arn')
  const left = Expiration.getTime() - expected.now.getTime()
  if (left <= 0) return { ok: false, why: 'the credentials have expired already' }
  if (left > expected.durationSeconds * 1000 + clockTolerance)
    return { ok: false, why: 'the credentials last longer than ordered' }
  const credentials = {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
    expiration: Expiration,
  }
  return { ok: true, credentials, assumedRoleArn }
}

/** How AWS names a role session: without the path of the role (IAM User Guide, "IAM identifiers"). */
function isSessionArn(arn: string, { role, roleSessionName, kind }: Expected): boolean {
  const what = kind === 'federated-user' ? kind : `assumed-role/${role.name}`
  const start = `arn:${role.partition}:sts::${role.accountId}:${what}/`
  if (roleSessionName !== undefined) return arn === `${start}${roleSessionName}`
  return arn.startsWith(start) && /^[\w+=,.@-]{2,64}$/.test(arn.slice(start.length))
}

function matches(value: string | undefined, shape: RegExp): value is string {
  return typeof value === 'string' && shape.test(value)
}

function wrong(field: string): Belief {
  return { ok: false, why: `${field} is missing or wrong` }
}
