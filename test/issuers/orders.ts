import type { IssueOrder } from '../../src/issuers/issuer.ts'
import { roleArn } from '../support/broker-fakes.ts'

/** What bob's browser orders; `asker` is its session. */
export function orderOf(overrides: Partial<IssueOrder> = {}): IssueOrder {
  return {
    role: roleArn('arn:aws:iam::111111111111:role/ReadOnly'),
    person: { people: 'staff', id: 'bob' },
    durationSeconds: 3600,
    roleSessionName: 'bob',
    sourceIdentity: undefined,
    tags: {},
    transitiveTagKeys: [],
    policy: undefined,
    policyArns: [],
    externalId: undefined,
    region: undefined,
    asker: 'session-1',
    ...overrides,
  }
}
