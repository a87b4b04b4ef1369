import { AwsRefused } from '../../src/errors.ts'
import type { RoleOffer, RoleSession } from '../../src/role-session.ts'
import { roleSessionModel } from '../../src/web/pages/role-session-model.ts'
import { factsOf } from '../../src/web/role-sessions/role-session-facts.ts'
import { frame, titled } from './frames.ts'
import { readOnly } from './role-offers.ts'
import type { State } from './state.ts'

export const sessionToken = `IQoJb3JpZ2luX2VjE${'T7q/9Zk+H2vR4mXc8Lp0BdYs6NfGj1UaKe3QoVi5Wt'.repeat(18)}==`
export const secretAccessKey = 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY'
export const signInUrl = `https://signin.aws.amazon.com/federation?Action=login&Issuer=https%3A%2F%2Faws.corp.example%2F%3Faccount%3D111111111111%26role%3DReadOnly&Destination=https%3A%2F%2Fconsole.aws.amazon.com%2F&SigninToken=${'VCQgs5qZxtw2q9rHXaPlRAtP'.repeat(20)}`

/** What AWS says where a trust policy lacks a word. */
export const refusal = new AwsRefused(
  'AWS refused to give credentials for this role.',
  {
    causes: ['The trust policy of the role allows sts:AssumeRole and not sts:TagSession.'],
    remedies: [
      'Add `sts:TagSession` to the Action of the trust policy, or leave the session tags of this role out of Postern’s configuration.',
    ],
  },
  {
    operation: 'AssumeRole',
    status: 403,
    code: 'AccessDenied',
    message:
      'User: arn:aws:sts::999999999999:assumed-role/postern/i-0f3a is not authorized to perform: sts:TagSession on resource: arn:aws:iam::111111111111:role/Deploy',
    requestId: '5e1f8a52-0c1d-4c6e-9c7b-3f1d2a7e9b40',
  },
)

interface SessionChange {
  readonly offer?: RoleOffer
  readonly console?: RoleSession['console'] | 'none'
  readonly ageSeconds?: number
  readonly notes?: readonly string[]
  readonly stsEndpoint?: string
}

/** What is kept of a role session, and its secrets. */
export function session(
  { offer: from = readOnly, ageSeconds = 0, ...change }: SessionChange,
  now: Date,
) {
  const { role } = from.entitlement
  const issuedAt = new Date(now.getTime() - ageSeconds * 1000)
  const after = (seconds: number) => new Date(issuedAt.getTime() + seconds * 1000)
  const link = {
    url: signInUrl,
    urlExpiration: after(900),
    consoleExpiration: after(from.plan.console.seconds),
    consoleSeconds: from.plan.console.seconds,
    destination: 'https://console.aws.amazon.com/',
    notes: [],
  }
  const issued: RoleSession = {
    id: 'AAAAAAAAAAAAAAAAAAAAAA',
    role,
    credentials: {
      accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
      secretAccessKey,
      sessionToken,
      expiration: after(from.plan.credentials.seconds),
    },
    assumedRoleArn: `arn:aws:sts::${role.account.id}:assumed-role/${role.arn.name}/alice`,
    roleSessionName: from.roleSessionName,
    issuedAt,
    plan: from.plan,
    notes: change.notes ?? [],
    region: role.region,
    console: change.console === 'none' ? undefined : (change.console ?? link),
  }
  return {
    facts: factsOf(issued, frame.requestId),
    secrets: { credentials: issued.credentials, consoleUrl: signInUrl },
  }
}

/** The page of a role session. */
export function results(change: SessionChange = {}): State {
  return {
    view: 'role-session',
    frame: titled('ReadOnly in Production'),
    page: (now, query) =>
      roleSessionModel({ ...session(change, now), query, now, stsEndpoint: change.stsEndpoint }),
  }
}
