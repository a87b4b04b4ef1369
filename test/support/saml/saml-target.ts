import type { TestKey } from './self-signed.ts'

/** Which way the service provider is set up. */
export type Profile = 'plain' | 'idp-initiated' | 'sha1' | 'both' | 'no-key' | 'force' | 'context'

/** A sign-in that a browser has started. */
export interface Started {
  readonly requestId: string
  readonly relayState: string
  readonly browser: string
}

export type Outcome =
  | { readonly outcome: 'signed-in'; readonly person: string; readonly landing?: string }
  | { readonly outcome: 'refused'; readonly code: string; readonly message: string }

/** Fields of the form that is posted to the assertion consumer service, as a browser would or wouldn't. */
export type PostedFields = Readonly<Record<string, unknown>>

/** A service provider under attack: the core itself, or a server over HTTP. */
export interface Target {
  readonly audience: string
  readonly recipient: string
  readonly issuer: string
  readonly now: () => number
  begin(): Promise<Started>
  post(fields: PostedFields, browser: string | undefined): Promise<Outcome>
}

/** Who signs, who decrypts, and who would like to. */
export interface Cast {
  readonly idp: TestKey
  readonly nextIdp: TestKey
  readonly otherIdp: TestKey
  readonly attacker: TestKey
  readonly decryption: TestKey
  readonly serviceProvider: TestKey
}
