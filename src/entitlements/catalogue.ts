import type { RoleArn } from './arn.ts'

/** How dangerous an account is; the stylesheet knows a look for each. */
type Tone = 'neutral' | 'calm' | 'caution' | 'danger'

export interface Account {
  readonly id: string
  readonly name: string
  readonly tone: Tone
}

/** Seconds. */
export interface DurationRange {
  readonly default: number
  readonly max: number
}

/** What goes into the role session beside its duration; everything but the name is off unless configured. */
export interface SessionSettings {
  /** Template with `${name}`, `${people}`, `${attribute.x}`. */
  readonly sessionName: string
  readonly sourceIdentity: string | undefined
  /** Tag key to template. Keys come from the configuration only. */
  readonly tags: Readonly<Record<string, string>>
  readonly transitiveTagKeys: readonly string[]
  readonly policy: string | undefined
  readonly policyArns: readonly string[]
  readonly externalId: string | undefined
}

export interface Role {
  readonly arn: RoleArn
  readonly account: Account
  readonly description: string | undefined
  /** Key under `issuers` in the configuration. */
  readonly issuer: string
  readonly durations: { readonly credentials: DurationRange; readonly console: DurationRange }
  readonly session: SessionSettings
  /** Console page that opens unless a destination is asked for. */
  readonly startPage: string | undefined
  /** Region offered first on the results page and used for STS. */
  readonly region: string | undefined
  /** Whether the portal link issues at once, or asks for one click. */
  readonly portalLink: 'ask' | 'direct'
}

/**
 * Whom a grant is for: one user, one group, every group that a pattern matches, or whomever the provider of a sign-in
 * method gives roles by its AWS role attribute, in these accounts.
 */
export type Grantee =
  | { readonly kind: 'user'; readonly user: string }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'group-pattern'; readonly pattern: RegExp }
  | { readonly kind: 'aws-roles'; readonly method: string; readonly accounts: ReadonlySet<string> }

/** One line under `grants` in the configuration. */
export interface Grant {
  /** Where it stands: `grants[3]`. */
  readonly path: string
  readonly people: string
  readonly grantee: Grantee
  /** ARNs; for a pattern one template with `${account}` and `${role}`; none for the AWS role attribute. */
  readonly roles: readonly string[]
  /** Issuer and settings of roles that only a pattern or the AWS role attribute yields and that have no entry of their own. */
  readonly template: Omit<Role, 'arn' | 'account'> | undefined
}

/** What the configuration says may be had, ready to be asked. */
export interface Catalogue {
  readonly accounts: ReadonlyMap<string, Account>
  readonly roles: ReadonlyMap<string, Role>
  readonly grants: readonly Grant[]
  /** More than one population: names must say which. */
  readonly severalPeoples: boolean
}

/** What one person may have, and by which grant. */
export interface Entitlement {
  readonly role: Role
  readonly grants: readonly Grant[]
  /** The groups of the person that led here; empty for a grant to the user. */
  readonly groups: readonly string[]
}
