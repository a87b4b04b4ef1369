import { type CacheKey, fileVersion, fnv1a, gone } from '../cache/cache-key.ts'
import { type CachePlace, placeOf } from '../cache/cache-place.ts'
import type { Flags } from '../flags/parse-flags.ts'
import { isElsewhere } from '../settings/key-settings.ts'
import type { Surroundings } from '../surroundings.ts'
import { type BrokerSettings, brokerSettings } from './broker-settings.ts'

/** What a role session is asked for. Seconds; undefined is the role's default. */
export interface RoleWish {
  readonly role: string
  readonly seconds: number | undefined
  readonly region: string | undefined
}

/** The wish that flags make for a role. */
export function roleWish(role: string, flags: Flags): RoleWish {
  return {
    role,
    seconds: flags.has('session-duration') ? flags.integer('session-duration') : undefined,
    region: flags.filled('region'),
  }
}

/** The place that credential-process looks at first; undefined where there is none. */
export function brokerPlaceFor(flags: Flags, surroundings: Surroundings): CachePlace | undefined {
  if (flags.isOn('no-cache')) return undefined
  return brokerPlace(
    brokerSettings(flags, surroundings),
    roleWish(flags.text('role'), flags),
    surroundings,
  )
}

/** The place of what a broker gave for a wish; undefined where nothing may be kept. */
export function brokerPlace(
  settings: BrokerSettings,
  { role, seconds, region }: RoleWish,
  surroundings: Surroundings,
): CachePlace | undefined {
  const { proof, known, origin } = settings
  // Without a login nothing says whose they would be.
  if (proof.by === 'token' && !known) return undefined
  const asked = JSON.stringify([proof.by, known?.signIn, role, seconds, region])
  const stem = `${brokerKeyStart(origin)}${asked}`
  const versions = witnesses(settings, surroundings).map(fileVersion).join(' ')
  // Tickets elsewhere than in a file may be somebody else's at any time; those of Windows belong to the session.
  if (proof.by === 'ticket' && versions === gone && surroundings.platform !== 'win32') {
    return undefined
  }
  const key: CacheKey = { stem: fnv1a(stem), text: `${stem} ${versions}` }
  return placeOf(key, surroundings)
}

/** How every key of a broker begins. */
export function brokerKeyStart(origin: string): string {
  return `broker ${origin} `
}

/** Files that change when one becomes somebody else. */
function witnesses({ proof }: BrokerSettings, { env, uid }: Surroundings): string[] {
  if (proof.by === 'token') return []
  if (proof.by === 'certificate') {
    const { certificate, privateKey } = proof.keys
    return [certificate, privateKey].flatMap((path) =>
      path === undefined || isElsewhere(path) ? [] : [path],
    )
  }
  const named = env['KRB5CCNAME'] ?? `/tmp/krb5cc_${uid ?? 0}`
  return [named.replace(/^FILE:/, '')]
}
