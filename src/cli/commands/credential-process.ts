import { asksBroker } from '../broker/asks-broker.ts'
import { cachePlace } from '../cache/cache-place.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { type HeldSession, isFresh } from '../held-session.ts'
import { keySettings } from '../settings/key-settings.ts'
import { sessionSettings } from '../settings/session-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { debugLine } from '../log.ts'
import { warnBeforeEnd } from '../warn-before-end.ts'

/** Prints credentials, from the cache without loading anything else. */
export async function run(flags: Flags, surroundings: Surroundings): Promise<number> {
  // What is wrong with the cache is said by who looks into it next.
  const quiet = { ...surroundings, stderr: () => undefined }
  const place = asksBroker(flags)
    ? (await import('../broker/broker-place.ts')).brokerPlaceFor(flags, quiet)
    : cachePlace(flags, sessionSettings(flags, quiet), keySettings(flags, quiet), quiet)
  const cached = place?.cache.get(place.key)
  if (cached && isFresh(cached, surroundings.effects.now())) {
    debugLine(flags, surroundings)('from the cache')
    return print(cached, surroundings)
  }
  const { obtainOnce } = await import('../open-source.ts')
  return print(await obtainOnce(flags, surroundings), surroundings)
}

function print(session: HeldSession, surroundings: Surroundings): number {
  surroundings.stdout(
    JSON.stringify({
      Version: 1,
      AccessKeyId: session.accessKeyId,
      SecretAccessKey: session.secretAccessKey,
      SessionToken: session.sessionToken,
      Expiration: session.expiration,
    }),
  )
  warnBeforeEnd(session, surroundings)
  return 0
}
