import type { Partition } from '../../entitlements/arn.ts'

/** A value that only AWS or the administrator knows: a parameter, or the ARN of something that stands in the same setup. */
export interface Reference {
  readonly to: 'parameter' | 'trust-anchor' | 'saml-provider' | 'role'
  readonly name: string
}

/** JSON in which references may stand for texts. */
export type Value = string | number | boolean | Reference | readonly Value[] | ValueObject
export interface ValueObject {
  readonly [key: string]: Value
}

export interface SetupParameter {
  readonly name: string
  readonly description: string
}

export interface SetupRole {
  readonly kind: 'role'
  readonly name: string
  readonly path: string
  readonly roleName: string
  /** Seconds. */
  readonly maxSessionDuration: number
  readonly trust: ValueObject
  /** What the role may do, where Postern itself runs as it; everybody's roles keep what they have. */
  readonly policy?: ValueObject
}

export type SetupResource =
  | SetupRole
  | {
      readonly kind: 'policy'
      readonly name: string
      readonly policyName: string
      readonly document: ValueObject
    }
  | {
      readonly kind: 'saml-provider'
      readonly name: string
      readonly providerName: string
      readonly metadata: Value
    }
  | {
      readonly kind: 'trust-anchor'
      readonly name: string
      readonly anchorName: string
      readonly certificates: Value
    }
  | {
      readonly kind: 'revocation-list'
      readonly name: string
      readonly anchor: Reference
      /** PEM. */
      readonly list: string
    }
  | {
      readonly kind: 'profile'
      readonly name: string
      readonly profileName: string
      readonly roles: readonly Reference[]
      /** Seconds. */
      readonly durationSeconds: number
      readonly acceptRoleSessionName: boolean
      /** JSON. */
      readonly sessionPolicy?: string | undefined
      readonly managedPolicyArns?: readonly string[] | undefined
    }

/** Everything that one account needs for the configured roles and issuers. */
export interface AccountSetup {
  readonly accountId: string
  readonly partition: Partition
  readonly parameters: readonly SetupParameter[]
  readonly resources: readonly SetupResource[]
  /** What an administrator should know, one sentence each. */
  readonly notes: readonly string[]
}

function isReference(value: Value): value is Reference {
  return typeof value === 'object' && !Array.isArray(value) && 'to' in value && 'name' in value
}

/** The value as plain JSON, with each text and reference written as the tool wants it. */
export function written(
  value: Value,
  how: { readonly text: (text: string) => unknown; readonly reference: (to: Reference) => unknown },
): unknown {
  if (typeof value === 'string') return how.text(value)
  if (typeof value !== 'object') return value
  if (isReference(value)) return how.reference(value)
  if (isList(value)) return value.map((item) => written(item, how))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item, how)]))
}

function isList(value: readonly Value[] | ValueObject): value is readonly Value[] {
  return Array.isArray(value)
}

/** A name of letters and digits, as CloudFormation wants them: `role-ReadOnly` becomes `RoleReadOnly`. */
export function logicalName(...words: readonly string[]): string {
  return words
    .flatMap((word) => word.split(/[^A-Za-z0-9]+/))
    .filter((word) => word !== '')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}
