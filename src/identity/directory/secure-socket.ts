import { once } from 'node:events'
import { createConnection } from 'node:net'
import { connect as connectTls, type TLSSocket } from 'node:tls'
import type { ControllerAddress } from './controller-address.ts'
import { startTls } from './start-tls.ts'

/**
 * A TLS connection to one controller, of version 1.2 or newer, whose certificate the authorities vouch for and holds the
 * controller's name (RFC 4513 §3.1.3). Rejects when it doesn't stand before the signal fires.
 */
export async function openSecureSocket(
  address: ControllerAddress,
  ca: string | undefined,
  signal: AbortSignal,
): Promise<TLSSocket> {
  const plain = createConnection({ host: address.host, port: address.port, noDelay: true })
  // Whoever waits gets the error by its promise; one that comes after that has nobody left to tell.
  plain.on('error', ignore)
  const onAbort = (): void => {
    plain.destroy(new Error('no connection in time'))
  }
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await once(plain, 'connect', { signal })
    if (address.startTls) await startTls(plain)
    const secure = connectTls({
      socket: plain,
      servername: address.host,
      minVersion: 'TLSv1.2',
      // Said aloud, so that NODE_TLS_REJECT_UNAUTHORIZED can't undo it.
      rejectUnauthorized: true,
      ...(ca !== undefined && { ca }),
    })
    secure.on('error', ignore)
    await once(secure, 'secureConnect', { signal })
    return secure
  } catch (error) {
    plain.destroy()
    throw error
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}

function ignore(): void {
  // See above.
}
