import { cmd } from './cmd.ts'
import { credentialProcess } from './credential-process.ts'
import type { Credentials } from './credentials.ts'
import { credentialsFile } from './credentials-file.ts'
import { envFile } from './env-file.ts'
import { fish } from './fish.ts'
import type { CredentialFormat, FormatOptions, Render } from './format.ts'
import { posixShell } from './posix-shell.ts'
import { powershell } from './powershell.ts'
import { singleValues } from './single-values.ts'
import { tcsh } from './tcsh.ts'

/** A format, ready for a page: what it can't carry, it says in a comment of its own. */
export interface OfferedFormat {
  readonly id: string
  readonly label: string
  readonly hint: string | undefined
  readonly render: Render
  /** The comment that `render` gives instead where the format can't carry these credentials; undefined where it can. */
  readonly refusal: (credentials: Credentials, options: FormatOptions) => string | undefined
  /** The same text with dots for the secret access key and the session token. */
  readonly renderMasked: Render
}

/** Every format, in the order of the tabs. */
export const formats: readonly OfferedFormat[] = [
  posixShell,
  fish,
  tcsh,
  powershell,
  cmd,
  credentialsFile,
  credentialProcess,
  envFile,
  singleValues,
].map(offer)

/** The format with that ID; undefined when there is none. */
export function findFormat(id: string): OfferedFormat | undefined {
  return formats.find((format) => format.id === id)
}

function offer(format: CredentialFormat): OfferedFormat {
  const refusal = (credentials: Credentials, options: FormatOptions) =>
    format.refusal?.(credentials, options)
  return {
    id: format.id,
    label: format.label,
    hint: format.hint,
    refusal,
    render: (credentials, options) =>
      refusal(credentials, options) ?? format.render(credentials, options),
    renderMasked: (credentials, options) =>
      refusal(credentials, options) ??
      format.render({ ...credentials, ...stand }, options).replaceAll(standIn, dots),
  }
}

/** Stands where a secret goes while the text is made, so that no part of a secret can survive the quoting. */
const standIn = 'SECRETGOESHERE'
const stand = { secretAccessKey: standIn, sessionToken: standIn }

/** As many for any length: the length of a token says something about it. */
const dots = '•'.repeat(16)
