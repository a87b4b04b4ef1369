import { TooManyRequests } from '../../errors.ts'
import { addressKey } from '../../identity/address.ts'
import type { AttemptRule, AttemptStore, AttemptVerdict } from '../../identity/attempt-store.ts'
import { type Identity, personKey } from '../../identity/identity.ts'

/** Limits of the API. Every method rejects with TooManyRequests, or StateUnavailable where nothing can be counted. */
export interface ApiLimits {
  /** Looks whether an address was refused too often, before a proof costs anything. */
  admitAddress(address: string): Promise<void>
  refusedAddress(address: string): Promise<void>
  /** Takes a start of a sign-in, which writes something down for whoever comes. */
  admitStart(address: string): Promise<void>
  /** Takes one request of somebody who is known. */
  admitPerson(identity: Identity): Promise<void>
}

// A forgotten script with an old token must not lock its whole office out.
const refusals: AttemptRule = {
  limit: 120,
  windowSeconds: 60,
  blockSeconds: 30,
  maxBlockSeconds: 600,
}
const starts: AttemptRule = {
  limit: 120,
  windowSeconds: 600,
  blockSeconds: 60,
  maxBlockSeconds: 600,
}
const requests: AttemptRule = {
  limit: 600,
  windowSeconds: 300,
  blockSeconds: 30,
  maxBlockSeconds: 300,
}

export function createApiLimits(store: AttemptStore): ApiLimits {
  const keyOf = (address: string) => `api-refused:${addressKey(address)}`
  return {
    async admitAddress(address) {
      demand(await store.peek(keyOf(address), refusals), 'address')
    },
    async refusedAddress(address) {
      await store.consume(keyOf(address), refusals)
    },
    async admitStart(address) {
      demand(await store.consume(`terminal-start:${addressKey(address)}`, starts), 'start')
    },
    async admitPerson({ person }) {
      demand(await store.consume(`api-person:${personKey(person)}`, requests), 'person')
    },
  }
}

function demand({ allowed, retryAfterSeconds }: AttemptVerdict, by: string): void {
  if (allowed) return
  throw new TooManyRequests(
    `Too many requests. Wait ${retryAfterSeconds} s.`,
    retryAfterSeconds,
    `limit by ${by}`,
  )
}
