import type { Credentials } from '../credentials/credentials.ts'
import type { Partition } from '../entitlements/arn.ts'

/** A console sign-in URL: a bearer secret, good for 15 minutes (IAM User Guide, "custom identity broker"). */
export interface ConsoleLink {
  readonly url: string
  /** Until when the URL signs in. */
  readonly urlExpiration: Date
  /** Until when the console session lasts. */
  readonly consoleExpiration: Date
  /** Seconds of console that AWS was asked for, or that the credentials leave. */
  readonly consoleSeconds: number
  readonly destination: string
  /** What the page must say, for example that AWS refused the duration. */
  readonly notes: readonly string[]
}

export interface ConsoleOrder {
  readonly credentials: Credentials
  readonly partition: Partition
  /** Region of the sign-in and console hosts; undefined for the partition's default. */
  readonly region: string | undefined
  /** An allowed destination: the result of `checkDestination`. */
  readonly destination: string
  /** Seconds; undefined where SessionDuration must be left out. */
  readonly sessionDurationSeconds: number | undefined
  /** Where an expired console leads back to: `/?account=&role=` here. */
  readonly issuerUrl: string
}

/** The federation endpoint, as the broker sees it. */
export interface ConsoleSignIn {
  /**
   * A destination on a console host of the partition; the default console page when undefined.
   * Throws InvalidDestination.
   */
  checkDestination(
    destination: string | undefined,
    partition: Partition,
    region: string | undefined,
  ): string
  /** Rejects with AwsRefused or AwsUnavailable. */
  open(order: ConsoleOrder): Promise<ConsoleLink>
}
