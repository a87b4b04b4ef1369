import { InvalidRequest } from '../../errors.ts'

/** Fields of a form or a query, each there once. */
export type Fields = Readonly<Record<string, string>>

const most = 32
const namePattern = /^[\w-]{1,64}$/

/**
 * Takes application/x-www-form-urlencoded text apart (WHATWG URL §5.1), and refuses with InvalidRequest what parsers
 * disagree about: repeated and oddly named fields, bytes that are not UTF-8, NUL.
 */
export function parseFields(text: string): Fields {
  if (!isWellEncoded(text)) throw new InvalidRequest('The fields are not encoded in UTF-8.')
  const pairs = [...new URLSearchParams(text)]
  if (pairs.length > most) throw new InvalidRequest('There are too many fields.')
  const fields = new Map<string, string>()
  for (const [name, value] of pairs) {
    if (!namePattern.test(name)) throw new InvalidRequest('A field has a name that no form has.')
    if (fields.has(name)) throw new InvalidRequest(`The field ${name} came more than once.`)
    if (value.includes('\0')) throw new InvalidRequest(`The field ${name} holds a NUL.`)
    fields.set(name, value)
  }
  return Object.fromEntries(fields)
}

function isWellEncoded(text: string): boolean {
  try {
    decodeURIComponent(text)
    return true
  } catch {
    return false
  }
}
