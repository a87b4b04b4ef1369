/**
 * The condition keys of one request. `lookup` gives a key's values, none when the request lacks it, or
 * undefined for a key that the sandbox doesn't know and so must not judge.
 */
export interface ConditionContext {
  readonly lookup: (key: string) => readonly string[] | undefined
}

/**
 * Builds a context. Names are case-insensitive. `families` are keys with a free last part
 * (`aws:RequestTag/`), which are known, though absent, whatever that part is.
 */
export function conditionContext(
  values: Readonly<Record<string, string | readonly string[] | undefined>>,
  families: readonly string[] = [],
): ConditionContext {
  const known = new Map<string, readonly string[]>()
  for (const [key, value] of Object.entries(values)) {
    const list = value === undefined ? [] : typeof value === 'string' ? [value] : value
    known.set(key.toLowerCase(), list)
  }
  return {
    lookup: (key) => {
      const name = key.toLowerCase()
      const found = known.get(name)
      if (found !== undefined) return found
      return families.some((family) => name.startsWith(family.toLowerCase())) ? [] : undefined
    },
  }
}
