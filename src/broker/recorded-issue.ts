import type { AuditFacts } from '../audit/audit-event.ts'
import type { Role } from '../entitlements/catalogue.ts'
import { failure, type RequestContext } from '../entitlements/decision-facts.ts'
import type { SessionParameters } from '../entitlements/session-parameters.ts'
import type { Person } from '../identity/identity.ts'
import type { Issued, Issuer } from '../issuers/issuer.ts'
import type { BrokerParts } from './broker-parts.ts'
import { sessionNameIn } from './as-given.ts'

/** What was decided that AWS is to be asked for. */
interface Ordered {
  readonly role: Role
  readonly issuer: Issuer
  readonly person: Person
  readonly parameters: SessionParameters
  readonly durationSeconds: number
}

/** What came out, and what the trail now holds of it. */
interface RecordedIssue {
  readonly issued: Issued
  readonly released: AuditFacts
}

export type IssueRecorded = (
  ordered: Ordered,
  facts: AuditFacts,
  context: RequestContext,
) => Promise<RecordedIssue>

/**
 * Records the request, asks AWS, and records what it gave before anybody has it; a failure is recorded too. Rejects as
 * the issuer does, or with AuditUnavailable.
 */
export function createIssueRecorded({
  audit,
  metrics,
}: Pick<BrokerParts, 'audit' | 'metrics'>): IssueRecorded {
  async function ask(
    { role, issuer, person, parameters, durationSeconds }: Ordered,
    facts: AuditFacts,
    { asker, assertion }: RequestContext,
  ): Promise<Issued> {
    try {
      return await issuer.issue({
        ...parameters,
        role: role.arn,
        person,
        durationSeconds,
        region: role.region,
        asker,
        assertion,
        facts,
      })
    } catch (error) {
      metrics.roleSession(role.issuer, 'failed')
      await audit.record({ ...facts, ...failure(error), type: 'role-session-failed' })
      throw error
    }
  }

  return async (ordered, facts, context) => {
    await audit.record({ ...facts, type: 'role-session-requested' })
    const issued = await ask(ordered, facts, context)
    const { accessKeyId, expiration } = issued.credentials
    const released: AuditFacts = {
      ...facts,
      ...issued.facts,
      roleSessionName: sessionNameIn(issued.assumedRoleArn),
      credentialsSeconds: issued.durationSeconds,
      accessKeyId,
      expiration: expiration.toISOString(),
      ...(issued.awsRequestId && { awsRequestId: issued.awsRequestId }),
    }
    const type = issued.reused ? 'credentials-handed-out' : 'role-session-issued'
    await audit.record({ ...released, type })
    metrics.roleSession(ordered.role.issuer, 'issued')
    return { issued, released }
  }
}
