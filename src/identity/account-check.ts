import { SignInAgain } from '../errors.ts'
import type { Identity } from './identity.ts'

/** Gives somebody as they are now. Rejects with a BrokerError where they may not come in any more, or nobody can tell. */
export type AccountCheck = (identity: Identity) => Promise<Identity>

/**
 * The check of accounts before anything is issued, by the ID of the sign-in method; undefined for methods that nobody can
 * ask again. SignInAgain for a method that is not configured any more: nobody vouches for its people.
 */
export function createAccountRecheck(checks: ReadonlyMap<string, AccountCheck | undefined>): {
  readonly current: AccountCheck
} {
  return {
    async current(identity) {
      if (!checks.has(identity.method)) {
        throw new SignInAgain('The way you signed in is no longer offered. Sign in again.')
      }
      const check = checks.get(identity.method)
      return check ? check(identity) : identity
    },
  }
}
