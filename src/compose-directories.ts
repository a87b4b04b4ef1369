import type { Config } from './config/config.ts'
import type { Effects } from './effects.ts'
import type { AttemptStore } from './identity/attempt-store.ts'
import { createAccountThrottle } from './identity/directory/account-throttle.ts'
import { createDirectory, type Directory } from './identity/directory/directory.ts'
import type { DirectorySettings } from './identity/directory/directory-settings.ts'

type Method = Config['signIn'][number]

/** Every directory of a configuration, by the ID of its sign-in method. Asks none of them anything yet. */
export function composeDirectories(
  { signIn }: Pick<Config, 'signIn'>,
  parts: { readonly attempts: AttemptStore; readonly effects: Effects },
): ReadonlyMap<string, Directory> {
  return new Map(
    signIn.flatMap((method): [string, Directory][] => {
      const settings = settingsOf(method)
      if (!settings) return []
      const throttle = createAccountThrottle(parts.attempts, settings)
      return [[method.id, createDirectory({ settings, throttle, effects: parts.effects })]]
    }),
  )
}

function settingsOf(method: Method): DirectorySettings | undefined {
  if (method.type === 'active-directory') return { ...method, preset: 'active-directory' }
  return method.type === 'ldap' ? { ...method, preset: 'openldap' } : undefined
}
