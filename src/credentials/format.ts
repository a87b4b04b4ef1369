import type { Credentials } from './credentials.ts'

/** What a snippet says beside the credentials. */
export interface FormatOptions {
  readonly region?: string | undefined
  /** Name of the profile where the format has one; `default` otherwise. */
  readonly profileName?: string | undefined
  /** Custom endpoints, which the tools must be told about. */
  readonly endpoints?: { readonly sts?: string | undefined } | undefined
}

/** One way to hand credentials to a shell, a file or a tool. Pure; throws InvalidRequest for values it can't carry. */
export interface CredentialFormat {
  readonly id: string
  readonly label: string
  /** One sentence beside the snippet; undefined where nothing needs saying. */
  readonly hint: string | undefined
  readonly render: Render
  /** Why these credentials can't be written this way, as a line to show instead; undefined when they can. */
  readonly refusal?: (credentials: Credentials, options: FormatOptions) => string | undefined
}

export type Render = (credentials: Credentials, options: FormatOptions) => string
