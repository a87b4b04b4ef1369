/** Whom a ticket names. */
export interface KerberosPrincipal {
  /** `alice`, `WS1$`, or `alice.anders@corp.example` where the client asked by that name (RFC 6806 §5). */
  readonly name: string
  readonly realm: string
}

const longest = 1_024

/**
 * Reads a principal as Kerberos displays it: `alice@CORP.EXAMPLE`, `alice\@corp.example@CORP.EXAMPLE` (RFC 1964 §2.1.1).
 * Undefined for names of several parts, which are services, and for whatever else no account is called.
 */
export function readPrincipal(text: string): KerberosPrincipal | undefined {
  if (text.length > longest || /\p{Cc}/u.test(text)) return undefined
  const [, escaped, realm] = /^((?:[^\\/@]|\\[@\\/])+)@([^\\/@]+)$/.exec(text) ?? []
  if (escaped === undefined || realm === undefined) return undefined
  const name = escaped.replace(/\\(.)/g, '$1')
  // Neither stands in the name of an account, and a backslash would read as a domain.
  return /[\\/]/.test(name) ? undefined : { name, realm }
}
