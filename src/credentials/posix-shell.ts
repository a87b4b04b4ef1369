import type { CredentialFormat } from './format.ts'
import { environmentOf, staleVariables } from './environment.ts'

/**
 * For bash, zsh, dash and every other POSIX shell. Each line starts with a space, so that a shell with
 * HISTCONTROL=ignorespace or HIST_IGNORE_SPACE keeps it out of its history.
 */
export const posixShell: CredentialFormat = {
  id: 'bash',
  label: 'bash, zsh',
  hint: 'Each line starts with a space, so a shell with HISTCONTROL=ignorespace keeps it out of its history.',
  render: (credentials, options) =>
    [
      `unset ${staleVariables.join(' ')}`,
      ...environmentOf(credentials, options).map(
        ([name, value]) => `export ${name}=${posixLiteral(value)}`,
      ),
    ]
      .map((line) => ` ${line}\n`)
      .join(''),
}

/** One word, whatever it holds: only the quote itself ends a single-quoted string (POSIX.1-2024, XCU §2.2.2). */
function posixLiteral(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}
