import type { DurationRange, Role } from '../entitlements/catalogue.ts'
import type { RoleSettings } from './schema/role-settings.ts'

/** What a role's settings are filled up with. */
export interface RoleFallbacks {
  readonly defaults: Omit<RoleSettings, 'description' | 'startPage'>
  /** The only issuer, where there is only one. */
  readonly onlyIssuer: string | undefined
  readonly severalPeoples: boolean
}

type Range = NonNullable<NonNullable<RoleSettings['duration']>['console']>

const hour = 3600
const builtIn = {
  credentials: { default: hour, max: hour },
  console: { default: 12 * hour, max: 12 * hour },
}

/** A role's settings with the gaps filled: from `defaults`, then from what Postern takes for granted. */
export function resolveRole(
  settings: RoleSettings,
  fallbacks: RoleFallbacks,
): Omit<Role, 'arn' | 'account'> {
  const { defaults, onlyIssuer, severalPeoples } = fallbacks
  const tags = settings.tags ?? defaults.tags ?? {}
  return {
    description: settings.description,
    issuer: settings.issuer ?? defaults.issuer ?? onlyIssuer ?? '',
    durations: {
      credentials: rangeOf('credentials', settings, fallbacks),
      console: rangeOf('console', settings, fallbacks),
    },
    session: {
      sessionName:
        settings.sessionName ??
        defaults.sessionName ??
        (severalPeoples ? '${people}+${name}' : '${name}'),
      sourceIdentity: settings.sourceIdentity ?? defaults.sourceIdentity,
      tags,
      transitiveTagKeys: settings.transitiveTags ?? defaults.transitiveTags ?? [],
      policy: settings.policy ?? defaults.policy,
      policyArns: settings.policyArns ?? defaults.policyArns ?? [],
      externalId: settings.externalId ?? defaults.externalId,
    },
    startPage: settings.startPage?.href,
    region: settings.region ?? defaults.region,
    portalLink: settings.portalLink ?? defaults.portalLink ?? 'ask',
  }
}

/** A default that stands further out than the max is lowered to it; one that stands as near is a fault elsewhere. */
function rangeOf(
  what: 'credentials' | 'console',
  settings: RoleSettings,
  { defaults }: RoleFallbacks,
): DurationRange {
  const own: Range = settings.duration?.[what] ?? {}
  const outer: Range = defaults.duration?.[what] ?? {}
  const max = own.max ?? outer.max ?? builtIn[what].max
  const wanted = own.default ?? outer.default ?? builtIn[what].default
  return { default: Math.min(wanted, max), max }
}

/** The max that holds for a default which stands at the same place, or further in. */
export function maxOf(
  what: 'credentials' | 'console',
  settings: Pick<RoleSettings, 'duration'>,
  { defaults }: Pick<RoleFallbacks, 'defaults'>,
): number {
  return settings.duration?.[what]?.max ?? defaults.duration?.[what]?.max ?? builtIn[what].max
}
