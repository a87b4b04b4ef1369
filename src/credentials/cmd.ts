import type { CredentialFormat } from './format.ts'
import { environmentOf, outsideAwsAlphabet, staleVariables, type Variable } from './environment.ts'

/** The longest line that cmd takes (Microsoft, "Command prompt line string limitation"). */
const maxLine = 8191

/**
 * For the Windows command prompt. Nothing quotes reliably there (a typed line and a batch file read `%` differently),
 * so values with characters that AWS never uses are refused.
 */
export const cmd: CredentialFormat = {
  id: 'cmd',
  label: 'Windows cmd',
  hint: 'For the command prompt, not for PowerShell.',
  render: (credentials, options) =>
    [
      ...staleVariables.map((name) => assignment([name, ''])),
      ...environmentOf(credentials, options).map(assignment),
    ]
      .map((line) => `${line}\n`)
      .join(''),
  refusal: (credentials, options) => {
    const variables = environmentOf(credentials, options)
    const odd = outsideAwsAlphabet(variables)
    if (odd !== undefined)
      return `rem ${odd} holds a character that cmd can't quote. Use PowerShell.\n`
    const long = variables.find((variable) => assignment(variable).length > maxLine)
    return long && `rem ${long[0]} is longer than a line of cmd may be. Use PowerShell.\n`
  },
}

function assignment([name, value]: Variable): string {
  return `set "${name}=${value}"`
}
