import { InvalidRequest } from '../../errors.ts'

const deepest = 8

/**
 * Parses JSON (RFC 8259) as every other parser would too: refuses with InvalidRequest an object that names a member twice
 * (§4 leaves the outcome open), NUL in a text, and nesting that no request of ours has.
 */
export function parseStrictJson(text: string): unknown {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (cause) {
    throw new InvalidRequest('The body is not JSON.', { cause })
  }
  refuseAmbiguous(text)
  return value
}

/** Walks text that is known to be JSON: a string is a member's name where a colon follows it. */
function refuseAmbiguous(text: string): void {
  const open: Set<string>[] = []
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"(?:\s*:)?|[{}[\]]/g)) {
    if (token === '{' || token === '[') open.push(new Set())
    else if (token === '}' || token === ']') open.pop()
    else readText(token, open.at(-1))
    if (open.length > deepest) throw new InvalidRequest('The body is nested too deeply.')
  }
}

function readText(token: string, names: Set<string> | undefined): void {
  const isName = token.endsWith(':')
  const content: unknown = JSON.parse(isName ? token.slice(0, -1) : token)
  const name = String(content)
  if (name.includes('\0')) throw new InvalidRequest('The body holds a NUL.')
  if (!isName) return
  if (names?.has(name)) {
    throw new InvalidRequest(`The field ${JSON.stringify(name.slice(0, 64))} came more than once.`)
  }
  names?.add(name)
}
