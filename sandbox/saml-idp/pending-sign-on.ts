import { z } from 'zod'
import type { Seal } from '../sessions/seal.ts'

const pending = z.object({
  entityId: z.string(),
  consumer: z.string(),
  /** Undefined when the identity provider starts. */
  requestId: z.string().optional(),
  relayState: z.string().optional(),
  nameIdFormat: z.string().optional(),
  contexts: z.array(z.string()),
  /** Milliseconds since the epoch. */
  until: z.number(),
})

/** A sign-on that waits for somebody to sign in. It travels, sealed, in the sign-in form. */
export type PendingSignOn = z.infer<typeof pending>

export function sealPending(seal: Seal, value: PendingSignOn): string {
  return seal.seal('idp-pending', value, 'base64url')
}

/** The sign-on of a form, or undefined for one that is foreign or too old. */
export function openPending(seal: Seal, text: string, now: Date): PendingSignOn | undefined {
  const found = seal.open('idp-pending', text, pending, 'base64url')
  return found && found.until > now.getTime() ? found : undefined
}
