import type { Credentials } from '../credentials/credentials.ts'
import { AwsUnavailable } from '../errors.ts'
import { isRecord, jsonObject } from './rolesanywhere-fault.ts'

/** What CreateSession gave. */
export interface RolesAnywhereSession {
  readonly credentials: Credentials
  /** The end of the credentials in AWS's own spelling, for programs that pass it on. */
  readonly expirationText: string
  /** `arn:aws:sts::111111111111:assumed-role/ReadOnly/name`. */
  readonly assumedRoleArn: string | undefined
  readonly assumedRoleId: string | undefined
  readonly roleArn: string | undefined
  readonly sourceIdentity: string | undefined
  readonly packedPolicySize: number | undefined
  /** The Roles Anywhere subject, one per distinct X.509 subject. */
  readonly subjectArn: string | undefined
  readonly requestId: string | undefined
  /** How far AWS's clock is ahead of ours, where the answer said so. */
  readonly clockSkewSeconds: number | undefined
}

// Nothing here may break a line of a file or a terminal that it is written to.
const accessKeyId = /^\w{8,128}$/
const longestText = 2_048
const opaque = /^[\x21-\x7e]{1,16384}$/
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/

type FromBody = Omit<RolesAnywhereSession, 'requestId' | 'clockSkewSeconds'>

/** Checks the body of a successful answer. AwsUnavailable when it is not what CreateSession answers. */
export function readSession(body: string): FromBody {
  const answer = jsonObject(body)
  const set: unknown = answer['credentialSet']
  const first: unknown = Array.isArray(set) ? set[0] : undefined
  if (!isRecord(first)) throw noAnswer('credentialSet is empty or missing')
  const given = first['credentials']
  if (!isRecord(given)) throw noAnswer('credentials are missing')
  const expirationText = required(given, 'expiration', instant)
  const expiration = new Date(expirationText)
  if (Number.isNaN(expiration.getTime())) throw noAnswer('expiration is no date')
  const role = isRecord(first['assumedRoleUser']) ? first['assumedRoleUser'] : {}
  const size = first['packedPolicySize']
  return {
    credentials: {
      accessKeyId: required(given, 'accessKeyId', accessKeyId),
      secretAccessKey: required(given, 'secretAccessKey', opaque),
      sessionToken: required(given, 'sessionToken', opaque),
      expiration,
    },
    expirationText,
    assumedRoleArn: optional(role, 'arn'),
    assumedRoleId: optional(role, 'assumedRoleId'),
    roleArn: optional(first, 'roleArn'),
    sourceIdentity: optional(first, 'sourceIdentity'),
    packedPolicySize: typeof size === 'number' ? size : undefined,
    subjectArn: optional(answer, 'subjectArn'),
  }
}

function required(from: Readonly<Record<string, unknown>>, name: string, shape: RegExp): string {
  const value = from[name]
  // The value itself stays out of every error: it may be a secret.
  if (typeof value !== 'string' || !shape.test(value))
    throw noAnswer(`${name} is missing or malformed`)
  return value
}

function optional(from: Readonly<Record<string, unknown>>, name: string): string | undefined {
  const value = from[name]
  if (typeof value !== 'string' || value === '' || value.length > longestText) return undefined
  return /\p{Cc}/u.test(value) ? undefined : value
}

function noAnswer(detail: string): AwsUnavailable {
  return new AwsUnavailable(
    'unable to obtain temporary security credentials from CreateSession: the answer is not one of IAM Roles Anywhere. ' +
      'Check the endpoint, and any proxy before it.',
    { detail },
  )
}
