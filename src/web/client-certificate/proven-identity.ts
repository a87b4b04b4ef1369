import { z } from 'zod'
import type { Identity } from '../../identity/identity.ts'

/** Who a certificate proved somebody to be, and which one it was. */
export interface Proven {
  readonly identity: Identity
  /** Serial number, hexadecimal. */
  readonly serial: string
}

const texts = z.array(z.string())
const optionalText = z
  .string()
  .optional()
  .transform((value) => value)

const proven = z.object({
  identity: z.object({
    person: z.object({ people: z.string(), id: z.string() }),
    name: z.string(),
    displayName: optionalText,
    email: optionalText,
    method: z.string(),
    methodLabel: z.string(),
    groups: texts,
    attributes: z.record(z.string(), texts),
    authenticatedAt: z.number(),
    breakGlass: z.literal(false),
  }),
  serial: z.string(),
})

/** For the way from the listener for certificates to the main one, which goes through the state alone. */
export function writeProven(value: Proven): string {
  return JSON.stringify(value)
}

/** Throws an Error for what `writeProven` did not write. */
export function readProven(text: string): Proven {
  const { identity, serial } = proven.parse(JSON.parse(text))
  const { displayName, email } = identity
  return { identity: { ...identity, displayName, email }, serial }
}
