import type { IncomingMessage } from 'node:http'
import { TLSSocket } from 'node:tls'
import type { PresentedCertificate } from '../trusted-authorities.ts'

/** What is looked at of a request that came through a proxy. */
export interface ForwardedRequest {
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[]
  /** Of the socket, never of a header. */
  readonly peerAddress: string | undefined
  /** What the proxy itself presented in the TLS to us; not checked. */
  readonly peerCertificate: PresentedCertificate | undefined
}

/** Of a request as node:http has it. */
export function forwardedRequest({ rawHeaders, socket }: IncomingMessage): ForwardedRequest {
  // A resumed connection of a proxy has gone through a full one before, whose certificate is kept with it.
  const peer = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined
  return {
    rawHeaders,
    peerAddress: socket.remoteAddress,
    peerCertificate: peer?.raw.length ? { leaf: peer.raw, intermediates: [] } : undefined,
  }
}
