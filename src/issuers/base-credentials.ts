import type { IssuerLimits } from '../entitlements/durations.ts'

/** What the SDK tells about credentials that it found. */
export interface FoundCredentials {
  readonly sessionToken?: string | undefined
  /** Which provider found them, as marks that the SDK puts into its User-Agent. */
  readonly $source?: object | undefined
}

/** 12 hours: what a role can allow at most (IAM User Guide, "Update the maximum session duration"). */
const roleMaximum = 43_200
/** 1 hour (IAM User Guide, "Role chaining"). */
const chainingMaximum = 3_600

/**
 * Whether AWS counts a role assumed with these credentials as chained. Long-term keys are not a role, and AWS exempts
 * the instance profile of EC2. The SDK marks what each provider found, all but the instance metadata service.
 */
export function isChained({ sessionToken, $source = {} }: FoundCredentials): boolean {
  if (sessionToken === undefined) return false
  const marks = Object.keys($source)
  return !marks.every((mark) => mark === 'CREDENTIALS_IMDS')
}

export const unchainedLimits: IssuerLimits = {
  maxSeconds: roleMaximum,
  console: 'own-duration',
  why: undefined,
}

export const chainedLimits: IssuerLimits = {
  maxSeconds: chainingMaximum,
  console: 'as-credentials',
  why: "the broker's own credentials are temporary and AWS caps role chaining",
}

/** The strictest, for as long as nothing is known. */
export const unknownLimits: IssuerLimits = {
  ...chainedLimits,
  why: "Postern could not look at the broker's own credentials and promises no more than AWS gives in every case",
}
