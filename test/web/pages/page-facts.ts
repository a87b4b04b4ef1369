import type { Role } from '../../../src/entitlements/catalogue.ts'
import { type IssuerLimits, planDurations } from '../../../src/entitlements/durations.ts'
import type { RoleOffer, RoleSession } from '../../../src/role-session.ts'
import { roleOf } from '../../support/broker-fakes.ts'

export const now = new Date('2026-11-20T09:14:30Z')
export const later = (seconds: number): Date => new Date(now.getTime() + seconds * 1000)

export const readOnly = 'arn:aws:iam::111111111111:role/ReadOnly'
export const own: IssuerLimits = { maxSeconds: 43_200, console: 'own-duration', why: undefined }
export const chained: IssuerLimits = {
  maxSeconds: 3600,
  console: 'as-credentials',
  why: 'the broker’s own credentials are temporary and AWS caps role chaining',
}

export function offerOf(
  arn: string,
  role: Partial<Role> = {},
  limits = own,
  groups: readonly string[] = [],
): RoleOffer {
  const made = roleOf(arn, role)
  return {
    entitlement: { role: made, grants: [], groups },
    plan: planDurations(made, {}, limits),
    roleSessionName: 'bob',
  }
}

export const secretAccessKey = 'secret/of+the=session'
export const consoleUrl = 'https://signin.aws.amazon.com/federation?Action=login&SigninToken=abc'

/** A role session issued at `now`, with a console unless told otherwise. */
export function sessionOf(change: Partial<RoleSession> = {}): RoleSession {
  const { entitlement, plan, roleSessionName } = offerOf(readOnly)
  return {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    role: entitlement.role,
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey,
      sessionToken: 'token/of+the=session',
      expiration: later(3600),
    },
    assumedRoleArn: 'arn:aws:sts::111111111111:assumed-role/ReadOnly/bob',
    roleSessionName,
    issuedAt: now,
    plan,
    notes: [],
    region: 'eu-west-1',
    console: {
      url: consoleUrl,
      urlExpiration: later(900),
      consoleExpiration: later(43_200),
      consoleSeconds: 43_200,
      destination: 'https://console.aws.amazon.com/',
      notes: [],
    },
    ...change,
  }
}
