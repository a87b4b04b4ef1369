import type { AuditFacts } from '../audit/audit-event.ts'
import { AwsRefused, BrokerError } from '../errors.ts'
import type { Identity, PassedAssertion } from '../identity/identity.ts'
import type { Entitlement } from './catalogue.ts'

/** Where a request came from. */
export interface RequestContext {
  readonly requestId: string
  readonly address: string
  /** Digest of the browser session or token that asks; without one, credentials are never handed out a second time. */
  readonly asker?: string | undefined
  /** How a program proved who it acts for; undefined for a browser. */
  readonly by?: AuditFacts['by'] | undefined
  /** ID of the command line's sign-in whose token asks. */
  readonly terminal?: string | undefined
  /** Gives the latest sign-in for AWS, where the browser holds one; asked only by who passes it on. */
  readonly assertion?: (() => Promise<PassedAssertion | undefined>) | undefined
}

/** Who asks, and from where. */
export function whoAsks(identity: Identity, context: RequestContext): AuditFacts {
  const { requestId, address, by, terminal } = context
  const { person, name, method } = identity
  return {
    requestId,
    address,
    people: person.people,
    personId: person.id,
    name,
    method,
    ...(by && { by }),
    ...(terminal !== undefined && { terminal }),
  }
}

/** Which grants, by which groups, led to a decision. */
export function reasons(entitlement: Entitlement): Pick<AuditFacts, 'groups' | 'grants'> {
  return { groups: entitlement.groups, grants: entitlement.grants.map((grant) => grant.path) }
}

/** Why something was refused or failed, with AWS's request ID where there is one. */
export function failure(error: unknown): Pick<AuditFacts, 'code' | 'detail' | 'awsRequestId'> {
  if (!(error instanceof BrokerError)) return { code: 'server_error' }
  const requestId = error instanceof AwsRefused ? error.fault.requestId : undefined
  return {
    code: error.code,
    detail: error.detail ?? error.message,
    ...(requestId && { awsRequestId: requestId }),
  }
}
