import type { AttemptRule, AttemptStore } from '../attempt-store.ts'
import type { DirectorySettings } from './directory-settings.ts'

/**
 * Tries per account, whatever name was typed for it. Beside the limits of `sign-in-limits.ts`, which see typed names only:
 * `alice`, `CORP\alice` and `alice@corp.example` are one account with one lockout.
 */
export interface AccountThrottle {
  /** Takes a try, before the password is sent. False when there were too many. Rejects when tries can't be counted. */
  admit(account: string): Promise<boolean>
  succeeded(account: string): Promise<void>
}

/**
 * Where `lockout-guard.ts` looks at the directory's own count first (Active Directory with a service account), this only
 * slows guessing down: the guard keeps the last try before a lockout out of reach, however slowly tries come.
 */
export const guardedAccountRule: AttemptRule = {
  limit: 4,
  windowSeconds: 300,
  blockSeconds: 60,
  maxBlockSeconds: 1_800,
}

/**
 * Where nobody can look (no service account, or a plain directory), this alone must stay below the lockout: a directory
 * that locks at 4 or more wrong passwords, and forgets them after 30 minutes, never locks. Two windows that touch hold 4
 * tries, but the first of them is then an hour old and forgotten, which leaves 3. The block is as long as the window, so
 * that crossing the limit doesn't shorten it.
 */
export const unguardedAccountRule: AttemptRule = {
  limit: 2,
  windowSeconds: 3_600,
  blockSeconds: 3_600,
  maxBlockSeconds: 3_600,
}

/** The throttle on the state store, with the rule that fits the directory. Scoped by its population. */
export function createAccountThrottle(
  store: AttemptStore,
  { people, preset, bind }: Pick<DirectorySettings, 'people' | 'preset' | 'bind'>,
): AccountThrottle {
  const guarded = preset === 'active-directory' && bind.kind === 'service-account'
  const rule = guarded ? guardedAccountRule : unguardedAccountRule
  const keyOf = (account: string): string =>
    `directory-account:${JSON.stringify([people, account])}`
  return {
    async admit(account) {
      return (await store.consume(keyOf(account), rule)).allowed
    },
    async succeeded(account) {
      await store.reset(keyOf(account))
    },
  }
}
