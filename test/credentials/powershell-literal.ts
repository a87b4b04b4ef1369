/** PowerShell language specification §2.3.5.2: what it takes for a single quote. */
const singleQuote = /['\u2018\u2019\u201a\u201b]/

/**
 * Reads one verbatim string literal as PowerShell's grammar has it: everything up to the first single quote that is not
 * followed by another; a pair stands for one, namely the second. Undefined unless the whole text is exactly one literal.
 */
export function readPowershellLiteral(text: string): string | undefined {
  const units = text.split(/(?:)/u)
  if (!singleQuote.test(units[0] ?? '')) return undefined
  let value = ''
  for (let at = 1; at < units.length; at++) {
    let unit = units[at] ?? ''
    if (singleQuote.test(unit)) {
      if (!singleQuote.test(units[at + 1] ?? '')) return at === units.length - 1 ? value : undefined
      at += 1
      unit = units[at] ?? ''
    }
    value += unit
  }
  return undefined
}
