import type { Config } from '../config/config.ts'
import type { Effects } from '../effects.ts'
import type { AttemptStore } from '../identity/attempt-store.ts'
import { createAccountThrottle } from '../identity/directory/account-throttle.ts'
import { createDirectory, type Directory } from '../identity/directory/directory.ts'
import type { DirectorySettings } from '../identity/directory/directory-settings.ts'
import type { ReadinessCheck } from '../web/dependencies.ts'

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

/**
 * A look at each directory. One that is silent turns traffic away only where nobody can sign in without it: elsewhere
 * most of Postern works.
 */
export function directoryChecks(
  { signIn }: Pick<Config, 'signIn'>,
  directories: ReadonlyMap<string, Directory>,
): readonly ReadinessCheck[] {
  return [...directories].map(([id, { watch }]) => ({
    name: `directory ${id}`,
    vital: signIn.every((method) => directoryIdOf(method) === id),
    check: () => watch.check(),
  }))
}

/** What was last heard of each directory, for the metrics. */
export function directoryNews(directories: ReadonlyMap<string, Directory>) {
  return [...directories].flatMap(
    ([
      method,
      {
        watch: { news },
      },
    ]) => (news ? [{ method, works: news.fault === undefined, lastAnswer: news.lastAnswer }] : []),
  )
}

/** The ID of the directory that knows the people of a method; the method's own where it names none. */
export function directoryIdOf(method: Method): string {
  const named: unknown = 'directory' in method ? method.directory : undefined
  return typeof named === 'string' ? named : method.id
}

function settingsOf(method: Method): DirectorySettings | undefined {
  if (method.type === 'active-directory') return { ...method, preset: 'active-directory' }
  return method.type === 'ldap' ? { ...method, preset: 'openldap' } : undefined
}
