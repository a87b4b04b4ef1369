import type { CredentialFormat } from './format.ts'
import { environmentOf, staleVariables } from './environment.ts'

/** For fish. A line that starts with a space stays out of its history. */
export const fish: CredentialFormat = {
  id: 'fish',
  label: 'fish',
  hint: 'Each line starts with a space, so fish keeps it out of its history.',
  render: (credentials, options) =>
    [
      `set -e ${staleVariables.join(' ')}`,
      ...environmentOf(credentials, options).map(
        ([name, value]) => `set -gx ${name} ${fishLiteral(value)}`,
      ),
    ]
      .map((line) => ` ${line}\n`)
      .join(''),
}

/** Single quotes, in which only the quote and the backslash mean anything (fish manual, "Quotes"). */
function fishLiteral(value: string): string {
  return `'${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`
}
