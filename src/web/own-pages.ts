import type { Route } from './routes.ts'

/**
 * Whether a path with its query is a page of ours for people who are signed in, and so may be returned to. Nothing that a
 * browser could read as another site passes: neither `//host` nor a scheme nor a backslash.
 */
export function isOwnPage(table: readonly Route[], path: string): boolean {
  if (!/^\/[\x21-\x5b\x5d-\x7e]*$/.test(path)) return false
  const url = URL.parse(path, 'http://postern.invalid')
  return (
    url?.origin === 'http://postern.invalid' &&
    table.some(
      (route) =>
        route.method === 'get' && route.access === 'signed-in' && fits(route.path, url.pathname),
    )
  )
}

function fits(pattern: string, pathname: string): boolean {
  const wanted = pattern.split('/')
  const parts = pathname.split('/')
  return (
    wanted.length === parts.length &&
    wanted.every((want, at) => (want.startsWith(':') ? parts[at] !== '' : want === parts[at]))
  )
}
