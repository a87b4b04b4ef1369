import { z } from 'zod'
import type { Identity } from '../../identity/identity.ts'
import { storedIdentity } from '../../identity/identity-text.ts'

/** Who a certificate proved somebody to be, and which one it was. */
export interface Proven {
  readonly identity: Identity
  /** Serial number, hexadecimal. */
  readonly serial: string
}

const proven = z.object({ identity: storedIdentity, serial: z.string() })

/** For the way from the listener for certificates to the main one, which goes through the state alone. */
export function writeProven(value: Proven): string {
  return JSON.stringify(value)
}

/** Throws an Error for what `writeProven` did not write. */
export function readProven(text: string): Proven {
  return proven.parse(JSON.parse(text))
}
