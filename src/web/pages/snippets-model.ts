import type { Credentials } from '../../credentials/credentials.ts'
import { expirationText } from '../../credentials/expiration.ts'
import { formats } from '../../credentials/formats.ts'
import { singleValues } from '../../credentials/single-values.ts'
import type { RoleSessionFacts } from '../role-sessions/role-session-facts.ts'

export interface Snippet {
  readonly id: string
  readonly label: string
  /** With secrets. */
  readonly text: string
  /** The same with secrets as dots. */
  readonly masked: string
  readonly hint: string | undefined
  /** The same one by one, each with a Copy button of its own; empty where only the whole makes sense. */
  readonly values: readonly SnippetValue[]
}

interface SnippetValue {
  readonly label: string
  readonly text: string
  readonly secret: boolean
}

/** What goes into the snippets beside the credentials, both checked. */
export interface SnippetChoice {
  /** Empty for none. */
  readonly region: string
  readonly profileName: string
}

/** The credentials in every format, in the order of the tabs. */
export function snippetsOf(
  credentials: Credentials,
  facts: RoleSessionFacts,
  { region, profileName }: SnippetChoice,
  stsEndpoint: string | undefined,
): readonly Snippet[] {
  const options = {
    region: region === '' ? undefined : region,
    profileName,
    endpoints: { sts: stsEndpoint },
  }
  return formats.map(({ id, label, hint, render, renderMasked }) => ({
    id,
    label,
    hint,
    text: render(credentials, options),
    masked: renderMasked(credentials, options),
    values: id === singleValues.id ? valuesOf(credentials, facts, region) : [],
  }))
}

function valuesOf(
  credentials: Credentials,
  facts: RoleSessionFacts,
  region: string,
): readonly SnippetValue[] {
  const values = [
    { label: 'Access key ID', text: credentials.accessKeyId, secret: false },
    { label: 'Secret access key', text: credentials.secretAccessKey, secret: true },
    { label: 'Session token', text: credentials.sessionToken, secret: true },
    { label: 'Ends', text: expirationText(credentials.expiration), secret: false },
    { label: 'Region', text: region, secret: false },
    { label: 'Account', text: facts.account.id, secret: false },
    { label: 'Role', text: facts.role.arn, secret: false },
    { label: 'Acting as', text: facts.assumedRoleArn, secret: false },
  ]
  return values.filter(({ text }) => text !== '')
}
