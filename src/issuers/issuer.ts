import type { AuditFacts } from '../audit/audit-event.ts'
import type { Credentials } from '../credentials/credentials.ts'
import type { RoleArn } from '../entitlements/arn.ts'
import type { IssuerLimits } from '../entitlements/durations.ts'
import type { PassedAssertion, Person } from '../identity/identity.ts'

/** Everything that AWS is told about a role session; all of it decided before an issuer is asked. */
export interface IssueOrder {
  readonly role: RoleArn
  readonly person: Person
  /** Seconds. */
  readonly durationSeconds: number
  readonly roleSessionName: string
  readonly sourceIdentity: string | undefined
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly policy: string | undefined
  readonly policyArns: readonly string[]
  readonly externalId: string | undefined
  readonly region: string | undefined
  /** The browser session or token that asks, without its secret; nothing is reused for another, nor where there is none. */
  readonly asker?: string | undefined
  /** Gives the sign-in that is to be passed on, where the browser holds one. */
  readonly assertion?: (() => Promise<PassedAssertion | undefined>) | undefined
  /** What the trail knows of the order, for events that an issuer adds. */
  readonly facts?: AuditFacts | undefined
}

export interface Issued {
  readonly credentials: Credentials
  /** `arn:aws:sts::111111111111:assumed-role/ReadOnly/bob`. */
  readonly assumedRoleArn: string
  /** AWS's request ID, for CloudTrail. */
  readonly awsRequestId: string | undefined
  /** Seconds that AWS gave; less than ordered only with a note. */
  readonly durationSeconds: number
  /** What the page must say beside the durations, for example that AWS refused the one asked for. */
  readonly notes: readonly string[]
  /** True when AWS was not asked for this order: the credentials were given to the same asker a moment ago. */
  readonly reused?: boolean | undefined
  /** What the trail must hold beside, in place of what was ordered. */
  readonly facts?: Partial<AuditFacts> | undefined
}

/** A form that the browser posts to AWS, and is in the console then: a bearer secret, good for five minutes. */
interface ConsoleFormOrder {
  /** Base64. */
  readonly response: string
  /** Where it is posted. */
  readonly recipient: string
}

/** A way into the console without credentials: Postern signs, as an identity provider that AWS trusts. */
export interface ConsoleForms {
  respond(order: IssueOrder): Promise<ConsoleFormOrder>
}

/** One way to get credentials. `issue` rejects with AwsRefused, AwsUnavailable or TooManyRequests. */
export interface Issuer {
  readonly name: string
  /** What can be promised now; may look at the base credentials, and never throws: unknown means the strictest. */
  limits(): Promise<IssuerLimits>
  issue(order: IssueOrder): Promise<Issued>
}
