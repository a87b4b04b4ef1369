import { refuse } from '../certificate-refusal.ts'

/** One element: each key, in lower case, with all of its values. */
export type XfccElement = ReadonlyMap<string, readonly string[]>

const key = /([A-Za-z]{1,16})=/y
const quoted = /"((?:[^"\\]|\\.)*)"/y
// Envoy quotes what holds one of these, except for alternative names, whose author must not gain anything by them.
const bare = /[^",;=]*/y
const mostPairs = 64

/**
 * Reads `x-forwarded-client-cert` (Envoy, "HTTP header manipulation"): elements between commas, `key=value` pairs
 * between semicolons, values in double quotes with a backslash before a quote. Throws CertificateRefusal for anything
 * else; nothing is guessed.
 */
export function readXfcc(text: string): readonly XfccElement[] {
  const elements: XfccElement[] = []
  let element = new Map<string, string[]>()
  let at = 0
  for (let pairs = 0; ; pairs += 1) {
    if (pairs === mostPairs) refuse('certificate_too_large', 'too many pairs')
    const [whole, name] = match(key, text, at) ?? malformed()
    at += whole.length
    const isQuoted = text[at] === '"'
    const [raw, inside] = match(isQuoted ? quoted : bare, text, at) ?? malformed()
    at += raw.length
    const value = isQuoted ? (inside ?? '').replaceAll(/\\(.)/g, '$1') : raw
    const known = name?.toLowerCase() ?? ''
    element.set(known, [...(element.get(known) ?? []), value])
    const separator = text[at]
    if (separator !== ';') {
      elements.push(element)
      element = new Map()
    }
    if (separator === undefined) return elements
    if (separator !== ';' && separator !== ',') return malformed()
    at += 1
  }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

function malformed(): never {
  return refuse('certificate_header_malformed', 'not in the form of x-forwarded-client-cert')
}
