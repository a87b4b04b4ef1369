import type { HeldSession } from './held-session.ts'

/** Where credential-process, update and serve get credentials from. */
export interface CredentialSource {
  /** The name of the role without path, as the instance metadata service shows it. CliFault for a bad ARN. */
  roleName(): Promise<string>
  /** Fresh credentials; where nobody answers, those at hand while they last. `held` are those that the caller has. */
  current(held?: HeldSession): Promise<HeldSession>
  close(): Promise<void>
}
