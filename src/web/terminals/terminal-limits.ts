import { TooManyRequests } from '../../errors.ts'
import { addressKey } from '../../identity/address.ts'
import type { AttemptRule, AttemptStore } from '../../identity/attempt-store.ts'
import { type Identity, personKey } from '../../identity/identity.ts'

/** Limits of the questions. Every method rejects with TooManyRequests, or StateUnavailable where nothing can be counted. */
export interface TerminalLimits {
  /** Takes a look at a user code. */
  admitLook(identity: Identity, address: string): Promise<void>
  /** Takes a yes or no that no user code stands for. */
  admitDecision(identity: Identity): Promise<void>
}

/**
 * Every look at a code counts, found or not: whoever guesses could clear a count by codes of their own. Three looks are
 * one sign-in, and thirty guesses at 20⁸ codes are none.
 */
const looks: AttemptRule = {
  limit: 30,
  windowSeconds: 600,
  blockSeconds: 60,
  maxBlockSeconds: 3_600,
}
const looksOfAddress: AttemptRule = { ...looks, limit: 300 }
/** Each is written down, and stays in the trail. */
const decisions: AttemptRule = { ...looks, limit: 60 }

export function createTerminalLimits(store: AttemptStore): TerminalLimits {
  async function take(key: string, rule: AttemptRule, what: string): Promise<void> {
    const { allowed, retryAfterSeconds } = await store.consume(key, rule)
    if (allowed) return
    throw new TooManyRequests(
      `Too many ${what}. Wait ${retryAfterSeconds} s.`,
      retryAfterSeconds,
      `limit of ${what}`,
    )
  }
  return {
    async admitLook({ person }, address) {
      // In this order: what one person is refused must cost nobody else at the same address.
      await take(`user-code-person:${personKey(person)}`, looks, 'codes')
      await take(`user-code-address:${addressKey(address)}`, looksOfAddress, 'codes')
    },
    admitDecision: ({ person }) =>
      take(`terminal-decision:${personKey(person)}`, decisions, 'sign-ins'),
  }
}
