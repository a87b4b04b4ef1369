import { describe, expect, test } from 'vitest'
import {
  createAccountThrottle,
  guardedAccountRule,
  unguardedAccountRule,
} from '../../../src/identity/directory/account-throttle.ts'
import type { AttemptRule, AttemptStore } from '../../../src/identity/attempt-store.ts'
import { ldapSettings, windowsSettings } from './directory-of.ts'

/** Windows of a fixed length, as the real store has them, on a clock that the test holds. */
function windows(clock: () => number): AttemptStore & { readonly rules: Set<AttemptRule> } {
  const counts = new Map<string, { tries: number; until: number }>()
  const rules = new Set<AttemptRule>()
  return {
    rules,
    consume(key, rule) {
      rules.add(rule)
      const now = clock()
      const running = counts.get(key)
      const window =
        running && running.until > now
          ? running
          : { tries: 0, until: now + rule.windowSeconds * 1_000 }
      window.tries += 1
      counts.set(key, window)
      const allowed = window.tries <= rule.limit
      if (!allowed) window.until = Math.max(window.until, now + rule.blockSeconds * 1_000)
      return Promise.resolve({ allowed, retryAfterSeconds: 0 })
    },
    peek: () => Promise.resolve({ allowed: true, retryAfterSeconds: 0 }),
    reset: (key) => Promise.resolve(void counts.delete(key)),
    deleteExpired: () => Promise.resolve(0),
  }
}

describe('the throttle of an account', () => {
  test('takes the rule that fits what can be seen of lockouts', async () => {
    const cases = [
      [windowsSettings, guardedAccountRule],
      [{ ...windowsSettings, bind: { kind: 'as-user' } }, unguardedAccountRule],
      [ldapSettings, unguardedAccountRule],
    ] as const
    for (const [settings, rule] of cases) {
      const store = windows(() => 0)
      await createAccountThrottle(store, settings).admit('alice')
      expect([...store.rules]).toEqual([rule])
    }
  })

  test('keeps accounts and populations apart, and forgets after a success', async () => {
    const store = windows(() => 0)
    const throttle = createAccountThrottle(store, ldapSettings)
    const other = createAccountThrottle(store, { ...ldapSettings, people: 'guests' })
    expect([
      await throttle.admit('a'),
      await throttle.admit('a'),
      await throttle.admit('a'),
    ]).toEqual([true, true, false])
    expect(await throttle.admit('b')).toBe(true)
    expect(await other.admit('a')).toBe(true)
    await throttle.succeeded('a')
    expect(await throttle.admit('a')).toBe(true)
  })

  test('never locks a directory that locks at 4 and forgets after 30 minutes, at whatever pace', async () => {
    const minute = 60_000
    for (const pace of [0.01, 1, 10, 19, 29, 29.9, 30, 31, 45, 59, 61]) {
      let time = 0
      let [wrong, last] = [0, -Infinity]
      const throttle = createAccountThrottle(
        windows(() => time),
        ldapSettings,
      )
      for (; time < 24 * 60 * minute; time += pace * minute) {
        if (!(await throttle.admit('alice'))) continue
        wrong = time - last < 30 * minute ? wrong + 1 : 1
        last = time
        expect(wrong).toBeLessThan(4)
      }
    }
  })
})
