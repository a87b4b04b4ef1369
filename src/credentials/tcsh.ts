import type { CredentialFormat } from './format.ts'
import { environmentOf, staleVariables } from './environment.ts'

/** For tcsh and csh. */
export const tcsh: CredentialFormat = {
  id: 'tcsh',
  label: 'tcsh',
  hint: undefined,
  render: (credentials, options) =>
    [
      ...staleVariables.map((name) => `unsetenv ${name}`),
      ...environmentOf(credentials, options).map(
        ([name, value]) => `setenv ${name} ${tcshLiteral(value)}`,
      ),
    ]
      .map((line) => ` ${line}\n`)
      .join(''),
}

/** Single quotes; history substitution happens even inside them, so `!` takes a backslash (tcsh(1), "Lexical structure"). */
function tcshLiteral(value: string): string {
  return `'${value.replaceAll("'", String.raw`'\''`).replaceAll('!', String.raw`\!`)}'`
}
