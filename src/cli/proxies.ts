import { CliFault } from './cli-fault.ts'
import type { Surroundings } from './surroundings.ts'

/**
 * The proxies of the environment, in the form that Node's agents take; undefined where there are none. CliFault for one
 * that they would pass over in silence.
 */
export function proxies({
  env,
}: Pick<Surroundings, 'env'>): Readonly<Record<string, string>> | undefined {
  const either = (name: string): string => env[name.toLowerCase()] ?? env[name] ?? ''
  const https = proxy('HTTPS_PROXY', either('HTTPS_PROXY'))
  const http = proxy('HTTP_PROXY', either('HTTP_PROXY'))
  if (https === '' && http === '') return undefined
  return { HTTPS_PROXY: https, HTTP_PROXY: http, NO_PROXY: either('NO_PROXY') }
}

/** `proxy.corp:3128` is an HTTP proxy, as for curl and Go. */
function proxy(name: string, written: string): string {
  if (written === '') return ''
  const whole = written.includes('://') ? written : `http://${written}`
  const url = URL.canParse(whole) ? new URL(whole) : undefined
  if (url && (url.protocol === 'http:' || url.protocol === 'https:') && url.hostname !== '') {
    return whole
  }
  // It may hold a password.
  throw new CliFault(`${name} is no HTTP proxy. It looks like http://proxy.corp.example:3128.`)
}
