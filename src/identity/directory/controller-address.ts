import { isIP } from 'node:net'

/** Where one controller listens. */
export interface ControllerAddress {
  readonly url: string
  readonly host: string
  readonly port: number
  readonly startTls: boolean
}

/**
 * Reads the URL of a controller. Throws an Error that says what is wrong: another scheme, plain LDAP without StartTLS, an
 * IP address (certificates hold names), or anything beside host and port.
 */
export function readControllerAddress(url: string, startTls: boolean): ControllerAddress {
  const parsed = URL.parse(url)
  if (!parsed || !['ldap:', 'ldaps:'].includes(parsed.protocol)) {
    throw new Error(`${url} is no ldaps:// address`)
  }
  const secure = parsed.protocol === 'ldaps:'
  if (!secure && !startTls)
    throw new Error(`${url} would send passwords in the clear: use ldaps://`)
  if (secure && startTls)
    throw new Error(`${url} speaks TLS from the start: use ldap:// with StartTLS`)
  const host = parsed.hostname.replace(/^\[(.*)\]$/, '$1')
  // `127.1` and `0x7f000001` are addresses too, for whoever resolves them.
  const [, last] = /([^.]+)\.?$/.exec(host) ?? []
  if (isIP(host) !== 0 || last === undefined || /^(\d+|0x[\da-f]*)$/i.test(last)) {
    throw new Error(`${url} must name a host, because that name is looked for in its certificate`)
  }
  if (parsed.username + parsed.password + parsed.search + parsed.hash !== '') {
    throw new Error(`${url} must hold a host and a port only`)
  }
  if (parsed.pathname !== '' && parsed.pathname !== '/') {
    throw new Error(`${url} must hold a host and a port only`)
  }
  return { url, host, port: Number(parsed.port || (secure ? 636 : 389)), startTls }
}
