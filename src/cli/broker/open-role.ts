import { UsageFault } from '../flags/flag.ts'
import type { Flags } from '../flags/parse-flags.ts'
import type { Surroundings } from '../surroundings.ts'
import { roleWish } from './broker-place.ts'
import { brokerSettings } from './broker-settings.ts'
import { BrokerSource } from './broker-source.ts'

/** Credentials of the role that a command names as its first word. UsageFault when it names none. */
export function openRole(flags: Flags, surroundings: Surroundings): BrokerSource {
  const [role] = flags.words
  if (role === undefined) throw new UsageFault('name a role; `postern roles` lists yours')
  const isCached = !flags.isOn('no-cache')
  const wish = roleWish(role, flags)
  return new BrokerSource(brokerSettings(flags, surroundings), wish, surroundings, { isCached })
}
