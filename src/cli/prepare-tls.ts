import { isIP } from 'node:net'
import { setFlagsFromString } from 'node:v8'

/**
 * Spares this process what its first TLS connection would cost without use, a fifth of bare Node's start. Where the
 * user named the authorities (`named`), Node's own are no longer believed, so that it need not read them: a connection
 * that names none trusts nobody.
 */
export function prepareTls(named: boolean): void {
  const tls = process.getBuiltinModule('node:tls')
  // From Node 24.5 on.
  if (named && 'setDefaultCACertificates' in tls) tls.setDefaultCACertificates([])
  compileAddressPattern()
}

// Node matches each host name with its pattern of IPv6 addresses. V8 takes 3 ms to optimise that, and 0.4 ms if it
// doesn't; it compiles once for the first use and again for the second. With the flag as it was, Node's own compiled
// code counts again.
function compileAddressPattern(): void {
  // Another V8 may not know the flag, and would say so on standard error.
  if (!process.versions.node.startsWith('24.')) return
  setFlagsFromString('--no-regexp-optimization')
  isIP('localhost')
  isIP('localhost')
  setFlagsFromString('--regexp-optimization')
}
