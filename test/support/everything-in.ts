/** All that a log or a page could show of an error: its message, its other fields, its stack and its causes. */
export function everythingIn(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((name) => [name, Reflect.get(error, name)]),
  )
  return `${JSON.stringify(own)} ${error.cause === undefined ? '' : everythingIn(error.cause)}`
}
