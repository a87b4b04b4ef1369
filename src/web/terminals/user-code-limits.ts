import { TooManyRequests } from '../../errors.ts'
import { addressKey } from '../../identity/address.ts'
import type { AttemptRule, AttemptStore } from '../../identity/attempt-store.ts'
import { type Identity, personKey } from '../../identity/identity.ts'

/**
 * Every look at a code counts, found or not: whoever guesses could clear a count by codes of their own. Three looks are
 * one sign-in, and thirty guesses at 20⁸ codes are none.
 */
const perPerson: AttemptRule = {
  limit: 30,
  windowSeconds: 600,
  blockSeconds: 60,
  maxBlockSeconds: 3_600,
}
const perAddress: AttemptRule = { ...perPerson, limit: 300 }

/** Takes a look at a user code. Rejects with TooManyRequests, or StateUnavailable where it can't be counted. */
export function userCodeLimit(store: AttemptStore) {
  return async (identity: Identity, address: string): Promise<void> => {
    const verdicts = [
      await store.consume(`user-code-person:${personKey(identity.person)}`, perPerson),
      await store.consume(`user-code-address:${addressKey(address)}`, perAddress),
    ]
    const wait = Math.max(...verdicts.map(({ retryAfterSeconds }) => retryAfterSeconds))
    if (verdicts.every(({ allowed }) => allowed)) return
    throw new TooManyRequests(`Too many codes. Wait ${wait} s.`, wait, 'limit of user codes')
  }
}
