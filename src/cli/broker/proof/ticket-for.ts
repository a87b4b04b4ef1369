import { CliFault } from '../../cli-fault.ts'
import { printable } from '../../terminal/visible-text.ts'

interface Client {
  step(challenge: string): Promise<unknown>
}

/** A first token of SPNEGO for the HTTP service of a host, in Base64. `loaded` is the package `kerberos`. CliFault without a ticket. */
export async function ticketFor(loaded: unknown, host: string): Promise<string> {
  const initialize = member(loaded, 'initializeClient')
  if (typeof initialize !== 'function') throw new CliFault('The package kerberos is another one.')
  try {
    const options = { mechOID: member(loaded, 'GSS_MECH_OID_SPNEGO') }
    const client: unknown = await Reflect.apply(initialize, loaded, [`HTTP@${host}`, options])
    const token = isClient(client) ? await client.step('') : undefined
    if (typeof token === 'string' && /^[A-Za-z0-9+/]+={0,2}$/.test(token)) return token
  } catch (cause) {
    const detail = cause instanceof Error ? printable(cause.message) : undefined
    throw noTicket(host, { ...(detail !== undefined && { detail }), cause })
  }
  throw noTicket(host)
}

/** What to say where the system has no ticket for a host. */
export function noTicket(host: string, about: { detail?: string; cause?: unknown } = {}): CliFault {
  return new CliFault(
    `There is no Kerberos ticket for HTTP/${host}. Run kinit, or sign in to the domain.`,
    about,
  )
}

function isClient(value: unknown): value is Client {
  return typeof value === 'object' && value !== null && typeof member(value, 'step') === 'function'
}

// The functions are getters of a CommonJS module, which hang on `default` when it is imported.
function member(from: unknown, name: string): unknown {
  if (typeof from !== 'object' || from === null) return undefined
  const own: unknown = Reflect.get(from, name)
  return own ?? member(Reflect.get(from, 'default'), name)
}
