import type { AuditFacts } from '../audit/audit-event.ts'
import type { Entitlement } from '../entitlements/catalogue.ts'
import { authorize } from '../entitlements/decide.ts'
import { failure, type RequestContext, whoAsks } from '../entitlements/decision-facts.ts'
import { AccessDenied, BrokerError } from '../errors.ts'
import type { Identity } from '../identity/identity.ts'
import type { BrokerParts } from './broker-parts.ts'

/** One question to be decided. */
interface Asked {
  readonly identity: Identity
  /** As it came in. */
  readonly roleArn: string
  readonly context: RequestContext
  /** What the trail is to know beside who asks for which role. */
  readonly facts?: Partial<AuditFacts>
}

/** What was decided: for whom, by what right, and what `plan` made of it. */
interface Decision<Plan> {
  readonly identity: Identity
  readonly entitlement: Entitlement
  readonly plan: Plan
  /** For the trail: who asked for what. */
  readonly asked: AuditFacts
}

export type Decide = <Plan>(
  asked: Asked,
  plan: (entitlement: Entitlement, identity: Identity) => Promise<Plan> | Plan,
) => Promise<Decision<Plan>>

/**
 * Decides, and records a refusal before it is told. A role that was not granted is AccessDenied, the same whether or not
 * it exists; whatever `plan` throws of the foreseen is a refusal too.
 */
export function createDecide({
  accounts,
  audit,
  catalogue,
  metrics,
}: Pick<BrokerParts, 'accounts' | 'audit' | 'catalogue' | 'metrics'>): Decide {
  return async ({ identity: signedIn, roleArn, context, facts }, plan) => {
    const asked: AuditFacts = { ...whoAsks(signedIn, context), role: roleArn, ...facts }
    try {
      const identity = accounts ? await accounts.current(signedIn) : signedIn
      const entitlement = authorize(identity, catalogue, roleArn)
      if (!entitlement) throw notGranted()
      return { identity, entitlement, asked, plan: await plan(entitlement, identity) }
    } catch (error) {
      if (!(error instanceof BrokerError)) throw error
      metrics.roleSession('none', 'refused')
      await audit.record({ ...asked, ...failure(error), type: 'role-session-refused' })
      throw error
    }
  }
}

function notGranted(): AccessDenied {
  return new AccessDenied('You have no such role. Ask whoever looks after AWS access for a grant.')
}
