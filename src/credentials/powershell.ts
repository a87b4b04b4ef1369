import type { CredentialFormat } from './format.ts'
import { environmentOf, staleVariables } from './environment.ts'

/** For Windows PowerShell 5.1 and PowerShell 7 on any system. */
export const powershell: CredentialFormat = {
  id: 'powershell',
  label: 'PowerShell',
  hint: 'For Windows PowerShell 5.1 and PowerShell 7.',
  render: (credentials, options) =>
    [
      `Remove-Item ${staleVariables.map((name) => `Env:${name}`).join(', ')} -ErrorAction SilentlyContinue`,
      ...environmentOf(credentials, options).map(
        ([name, value]) => `$Env:${name} = ${powershellLiteral(value)}`,
      ),
    ]
      .map((line) => `${line}\n`)
      .join(''),
}

/**
 * A verbatim string: only a single quote ends it, and PowerShell takes the four typographic ones for single quotes too
 * (PowerShell language specification §2.3.5.2, "single-quote-character").
 */
export function powershellLiteral(value: string): string {
  return `'${value.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
}
