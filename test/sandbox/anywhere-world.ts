import type {
  Account,
  RolesAnywhereProfile,
  TrustAnchor,
  World,
} from '../../sandbox/world/world.ts'
import { authority } from './certificates.ts'
import { arn, policy, role, worldWith } from './test-world.ts'

/** The AWS SDK signs with the real time. */
export const NOW = new Date(Math.floor(Date.now() / 1000) * 1000)
export const ANCHOR_ID = '11111111-2222-3333-4444-555555555555'
export const PROFILE_ID = '66666666-7777-8888-9999-000000000000'
const PLACE = 'arn:aws:rolesanywhere:eu-west-1:111111111111'
export const ANCHOR = `${PLACE}:trust-anchor/${ANCHOR_ID}`
export const PROFILE = `${PLACE}:profile/${PROFILE_ID}`
export const WORKLOAD = arn('Workload')
export const root = authority('Root')
export const intermediate = authority('Intermediate', { issuer: root })

/** A statement that lets the service assume a role for the test's anchor. */
export function trustsService(
  condition: object = { ArnEquals: { 'aws:SourceArn': ANCHOR } },
): Record<string, unknown> {
  return {
    Effect: 'Allow',
    Principal: { Service: 'rolesanywhere.amazonaws.com' },
    Action: ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity'],
    Condition: condition,
  }
}

interface Choices {
  readonly anchor?: Partial<TrustAnchor>
  readonly profile?: Partial<RolesAnywhereProfile>
  readonly account?: Partial<Account>
  readonly trust?: Record<string, unknown>
  readonly maxSessionDuration?: number
}

/** An anchor, a profile and the role Workload in 111111111111, in eu-west-1. */
export function anywhereWorld(choices: Choices = {}): World {
  const workload = role('Workload', policy(choices.trust ?? trustsService()), {
    maxSessionDuration: choices.maxSessionDuration ?? 43_200,
  })
  const [first, ...others] = worldWith([workload]).accounts
  if (first === undefined) throw new Error('no account')
  const trustAnchors = [
    { id: ANCHOR_ID, region: 'eu-west-1', certificates: root.pem, ...choices.anchor },
  ]
  const profiles = [
    { id: PROFILE_ID, region: 'eu-west-1', roleArns: [WORKLOAD], ...choices.profile },
  ]
  return { accounts: [{ ...first, trustAnchors, profiles, ...choices.account }, ...others] }
}

export const QUERY = { profileArn: PROFILE, roleArn: WORKLOAD, trustAnchorArn: ANCHOR }
