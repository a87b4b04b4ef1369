import type { AuditTrail } from '../audit/audit-event.ts'
import type { ConsoleSignIn } from '../console/console-sign-in.ts'
import type { Effects } from '../effects.ts'
import type { Catalogue } from '../entitlements/catalogue.ts'
import type { Identity } from '../identity/identity.ts'
import type { ConsoleForms, Issuer } from '../issuers/issuer.ts'
import type { Logger } from '../telemetry/logger.ts'

/** What happened, for the metrics. */
export interface BrokerMetrics {
  roleSession(issuer: string, outcome: 'issued' | 'refused' | 'failed'): void
  consoleUrl(outcome: 'issued' | 'failed'): void
}

/** Accounts of people who signed in a while ago. */
export interface Accounts {
  /**
   * The identity as it is now: as it was, where it was checked of late or nobody can look. Rejects with a BrokerError
   * where the account may not be used any more, or where nobody can tell.
   */
  current(identity: Identity): Promise<Identity>
}

/** What the door is made of. */
export interface BrokerParts {
  readonly catalogue: Catalogue
  readonly issuers: ReadonlyMap<string, Issuer>
  readonly consoleForms?: ReadonlyMap<string, ConsoleForms>
  readonly consoleSignIn: ConsoleSignIn
  readonly accounts?: Accounts
  readonly audit: AuditTrail
  readonly effects: Pick<Effects, 'now' | 'randomBytes'>
  readonly logger: Logger
  readonly metrics: BrokerMetrics
  /** Where people reach Postern, without a slash at the end. */
  readonly publicUrl: string
}
