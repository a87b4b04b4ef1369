import type { Flags } from '../flags/parse-flags.ts'
import { logLine } from '../log.ts'
import type { KeySettings } from '../settings/key-settings.ts'
import type { SessionSettings } from '../settings/session-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { type CacheKey, cacheKey } from './cache-key.ts'
import { CredentialCache } from './credential-cache.ts'

/** A cache, and the place in it. */
export interface CachePlace {
  readonly cache: CredentialCache
  readonly key: CacheKey
}

/** The place of a request in the cache; undefined where there is to be none. A cache that can't be trusted is not used. */
export function cachePlace(
  flags: Flags,
  settings: SessionSettings,
  keys: KeySettings,
  surroundings: Surroundings,
): CachePlace | undefined {
  const key = flags.isOn('no-cache') ? undefined : cacheKey(settings, keys)
  return key && placeOf(key, surroundings)
}

/** The place of a key in the cache; undefined where the cache can't be trusted, which is said. */
export function placeOf(key: CacheKey, surroundings: Surroundings): CachePlace | undefined {
  try {
    const cache = new CredentialCache(surroundings)
    // Looked at now, so that a file that isn't ours is found out before anything relies on it.
    cache.get(key)
    return { cache, key }
  } catch (error) {
    sayUnused(error, surroundings)
    return undefined
  }
}

/** Says on standard error that the cache is gone without, and why. */
export function sayUnused(error: unknown, surroundings: Surroundings): void {
  const why = error instanceof Error ? error.message : String(error)
  const what = `the credential cache is not used: ${why}. Put that right, or give --no-cache.`
  surroundings.stderr(logLine(what, surroundings))
}
