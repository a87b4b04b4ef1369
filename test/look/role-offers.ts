import type { Role } from '../../src/entitlements/catalogue.ts'
import { planDurations } from '../../src/entitlements/durations.ts'
import type { RoleOffer } from '../../src/role-session.ts'
import { roleOf } from '../support/broker-fakes.ts'

const development = { id: '222222222222', name: 'Development', tone: 'calm' } as const
export const staging = { id: '333333333333', name: 'Staging', tone: 'caution' } as const
const own = { maxSeconds: 43_200, console: 'own-duration', why: undefined } as const
const chained = {
  maxSeconds: 3600,
  console: 'as-credentials',
  why: 'the broker’s own credentials are temporary and AWS caps role chaining',
} as const

/** A role as it is offered to alice. */
export function offer(
  arn: string,
  overrides: Partial<Role> = {},
  limits: typeof own | typeof chained = own,
): RoleOffer {
  const role = roleOf(arn, overrides)
  return {
    entitlement: { role, grants: [], groups: ['CN=AWS-Readers,OU=AWS,DC=corp,DC=example'] },
    plan: planDurations(role, {}, limits),
    roleSessionName: 'alice',
  }
}

const looks = 'Look at everything, change nothing'
export const readOnly = offer('arn:aws:iam::111111111111:role/ReadOnly', {
  description: looks,
  region: 'eu-west-1',
  startPage: 'https://eu-west-1.console.aws.amazon.com/cloudwatch/home?region=eu-west-1',
})
const admin = offer('arn:aws:iam::111111111111:role/Admin', {
  description: 'Everything, changes included',
  durations: { credentials: { default: 3600, max: 3600 }, console: { default: 3600, max: 3600 } },
})
export const devReadOnly = offer(
  'arn:aws:iam::222222222222:role/ReadOnly',
  { account: development, description: looks },
  chained,
)
export const few = [devReadOnly, admin, readOnly]

export const hostileAccount = {
  id: '999999999999',
  name: '<script>alert(1)</script> "\'&amp; \u202eproduction 💥 a-very-long-name-without-any-place-to-break-it-that-goes-on-and-on',
  tone: 'danger',
} as const
export const longName = 'W'.repeat(64)
export const hostile = offer(`arn:aws:iam::999999999999:role/a/deep/path/${longName}`, {
  account: hostileAccount,
  description: '"><img src=x onerror=alert(1)> ‮txet‬ مرحبا 漢字 🧨'.repeat(3),
})

/** More roles than anybody reads. */
export const many = Array.from({ length: 400 }, (_, index) => {
  const tones = ['neutral', 'calm', 'caution', 'danger'] as const
  const group = Math.floor(index / 4)
  const account = {
    id: String(300_000_000_000 + group * 7_654_321),
    name: `${['payments', 'ledger', 'search', 'analytics', 'identity'][group % 5] ?? ''}-${String(group)}`,
    tone: tones[group % 4] ?? 'neutral',
  }
  const name = ['ReadOnly', 'Deploy', 'Operator', 'Admin'][index % 4] ?? ''
  return offer(`arn:aws:iam::${account.id}:role/${name}`, { account, description: looks })
})
