import type { Catalogue } from '../entitlements/catalogue.ts'
import type { Config } from './config.ts'

/** What the entitlements stage needs of the configuration. */
export function toCatalogue(config: Config): Catalogue {
  const { accounts, roles, grants, severalPeoples } = config
  return { accounts, roles, grants, severalPeoples }
}
