import { timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { SignInStateStore } from '../sign-in-state-store.ts'
import { sha256Hash } from './random-id.ts'

/** A request of ours that waits for its answer. Times in milliseconds since the epoch. */
export interface PendingMessage {
  readonly kind: 'sign-in' | 'logout'
  readonly requestId: string
  readonly sentAt: number
  readonly forceAuthn: boolean
  /** What the caller wants back with the answer; opaque here. */
  readonly carry: string
}

/** Requests that wait: found by RelayState, and only for the provider and the browser that they belong to. */
export interface PendingMessages {
  put(relayState: string, browserNonce: string, message: PendingMessage, now: number): Promise<void>
  /** Takes it: of several callers, one gets it. Another browser or another kind leaves it where it is. */
  take(
    relayState: string,
    browserNonce: string,
    kind: PendingMessage['kind'],
    now: number,
  ): Promise<PendingMessage | undefined>
}

const schema = z.object({
  kind: z.enum(['sign-in', 'logout']),
  requestId: z.string(),
  sentAt: z.number(),
  forceAuthn: z.boolean(),
  carry: z.string(),
})

/** The requests of one sign-in method, in the state store. */
export function pendingMessages(
  store: SignInStateStore,
  method: string,
  lifetimeSeconds: number,
): PendingMessages {
  const idHash = (relayState: string) => sha256Hash(`saml:${method}:${relayState}`)
  return {
    async put(relayState, browserNonce, message, now) {
      await store.put({
        idHash: idHash(relayState),
        method,
        browserHash: sha256Hash(browserNonce),
        data: JSON.stringify(message),
        expiresAt: now + lifetimeSeconds * 1000,
      })
    },
    async take(relayState, browserNonce, kind, now) {
      const found = await store.read(idHash(relayState), now)
      if (found?.method !== method) return undefined
      const mine = Buffer.from(sha256Hash(browserNonce))
      const theirs = Buffer.from(found.browserHash)
      if (mine.length !== theirs.length || !timingSafeEqual(mine, theirs)) return undefined
      if (schema.parse(JSON.parse(found.data)).kind !== kind) return undefined
      const taken = await store.take(idHash(relayState), now)
      return taken && schema.parse(JSON.parse(taken.data))
    },
  }
}
