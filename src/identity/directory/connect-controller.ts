import type { ControllerAddress } from './controller-address.ts'
import { type ConnectionLimits, DirectoryConnection } from './directory-connection.ts'
import { ControllerSilent } from './directory-fault.ts'
import type { DirectorySettings } from './directory-settings.ts'
import { openSecureSocket } from './secure-socket.ts'

/** Ten thousand groups don't fill this. ldapts copies what it has of a message with each piece, so more would cost seconds. */
const mostBytes = 4 * 1024 * 1024
/** A sign-in is at most so many requests that wait for each other; nested groups are asked for in bulk. */
const mostWaits = 8

/** Connects to one controller over TLS. Rejects with ControllerSilent, also where the certificate is wrong. */
export async function connectController(
  address: ControllerAddress,
  { ca, timeouts }: Pick<DirectorySettings, 'ca' | 'timeouts'>,
): Promise<DirectoryConnection> {
  const limits: ConnectionLimits = {
    answer: timeouts.answer,
    life: timeouts.answer * mostWaits,
    bytes: mostBytes,
  }
  try {
    const socket = await openSecureSocket(address, ca, AbortSignal.timeout(timeouts.connect))
    return new DirectoryConnection(socket, limits)
  } catch (cause) {
    throw new ControllerSilent(`no connection: ${reason(cause)}`, { cause })
  }
}

function reason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : undefined
  const { message } = first instanceof Error ? first : cause
  return 'code' in cause && !message.includes(String(cause.code))
    ? `${message} (${String(cause.code)})`
    : message
}
