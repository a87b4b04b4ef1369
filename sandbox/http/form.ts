/** Parameters of a form or query string. `duplicate` names one that stood twice, if any did. */
export interface Form {
  readonly values: ReadonlyMap<string, string>
  readonly duplicate: string | undefined
  readonly malformed: boolean
}

const MAX_PARAMETERS = 1000

/** Strict where URLSearchParams forgives: bad escapes, bad UTF-8 and repeated names are reported. */
export function parseForm(sources: readonly string[]): Form {
  const values = new Map<string, string>()
  let duplicate: string | undefined
  const pairs = sources.flatMap((source) => source.split('&').filter((pair) => pair !== ''))
  if (pairs.length > MAX_PARAMETERS) return { values, duplicate, malformed: true }
  for (const pair of pairs) {
    const at = pair.indexOf('=')
    const name = decode(at < 0 ? pair : pair.slice(0, at))
    const value = decode(at < 0 ? '' : pair.slice(at + 1))
    if (name === undefined || value === undefined) return { values, duplicate, malformed: true }
    if (values.has(name)) duplicate ??= name
    values.set(name, value)
  }
  return { values, duplicate, malformed: false }
}

function decode(text: string): string | undefined {
  if (text.includes('\uFFFD')) return undefined
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
