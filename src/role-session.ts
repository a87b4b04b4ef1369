import type { ConsoleLink } from './console/console-sign-in.ts'
import type { Credentials } from './credentials/credentials.ts'
import type { Entitlement, Role } from './entitlements/catalogue.ts'
import type { DurationPlan } from './entitlements/durations.ts'
import type { BrokerError } from './errors.ts'

export type { ConsoleLink } from './console/console-sign-in.ts'

/** What somebody asks for. Field names are those of the form and of the JSON API. */
export interface RoleSessionRequest {
  /** A role ARN as it came in. */
  readonly role: string
  /** Seconds; undefined for the role's default. */
  readonly duration: number | undefined
  readonly console: boolean
  readonly consoleDuration: number | undefined
  readonly destination: string | undefined
  readonly region: string | undefined
}

/** A role that may be had, and what it would last. */
export interface Offer {
  readonly entitlement: Entitlement
  readonly plan: DurationPlan
}

/** One role looked at closely: with the name that AWS will give the role session. */
export interface RoleOffer extends Offer {
  readonly roleSessionName: string
}

/** What came out: released only after the trail holds it. */
export interface RoleSession {
  readonly id: string
  readonly role: Role
  readonly credentials: Credentials
  readonly assumedRoleArn: string
  readonly roleSessionName: string
  readonly issuedAt: Date
  /** What was given, with the reasons. */
  readonly plan: DurationPlan
  readonly notes: readonly string[]
  readonly region: string | undefined
  /** Undefined when no console was asked for. A failure here costs nobody the credentials. */
  readonly console: ConsoleLink | BrokerError | undefined
}

/** A form that the browser posts to AWS, and is in the console then. A bearer secret, good for five minutes. */
export interface ConsoleForm {
  readonly role: Role
  readonly url: string
  readonly fields: Readonly<Record<string, string>>
}

/** A new sign-in URL for credentials that were issued before. */
export interface ConsoleUrlOrder {
  readonly roleSession: string
  readonly roleArn: string
  readonly credentials: Credentials
  readonly issuedAt: Date
  readonly consoleSeconds: number
  readonly sendDuration: boolean
  readonly destination: string | undefined
  readonly region: string | undefined
}
