import { constants } from 'node:crypto'
import type { TlsOptions } from 'node:tls'
import { tlsPolicy } from './tls-policy.ts'
import type { TrustedAuthorities } from './trusted-authorities.ts'

/** What the listener for certificates is opened with. */
export interface TlsListenerSettings {
  /** PEM of the listener's own certificate and key. */
  readonly certificate: string
  readonly key: string
  /** Those that client certificates may come from; Node's own roots are none of them. */
  readonly authorities: TrustedAuthorities
}

/**
 * Options of a TLS server that asks for a client certificate, for `https.createServer` and `server.setSecureContext`.
 * Whoever brings none, or a bad one, gets through to read why; `admittedPeer` decides. No session is resumed: some
 * versions of Node call a resumed one authorized although there never was a certificate. Revocation is not left to the
 * `crl` option, which cuts off whoever bears an authority's name and another key, and refuses everybody when a list is
 * stale. Throws an Error without an authority, since Node's own roots would take its place.
 */
export function tlsListenerOptions(settings: TlsListenerSettings): TlsOptions {
  if (settings.authorities.pem.length === 0) {
    throw new Error('a listener for client certificates needs an authority to trust')
  }
  return {
    cert: settings.certificate,
    key: settings.key,
    ca: [...settings.authorities.pem],
    requestCert: true,
    rejectUnauthorized: false,
    ...tlsPolicy,
    ALPNProtocols: ['http/1.1'],
    // A renegotiation could change who speaks in the middle of a connection.
    secureOptions: constants.SSL_OP_NO_TICKET | constants.SSL_OP_NO_RENEGOTIATION,
  }
}
