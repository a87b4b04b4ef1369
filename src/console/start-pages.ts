import type { Role } from '../entitlements/catalogue.ts'
import { InvalidDestination } from '../errors.ts'
import { checkDestination } from './destination.ts'

/** What is wrong with the start pages of roles, a line each: pages that the console of the role's partition has not. */
export function startPageFaults(
  roles: Iterable<Role>,
  configuredConsole: string | undefined,
): readonly string[] {
  return [...roles].flatMap(({ arn, region, startPage }) => {
    if (startPage === undefined) return []
    try {
      checkDestination(startPage, { partition: arn.partition, region, configuredConsole })
      return []
    } catch (error) {
      if (!(error instanceof InvalidDestination)) throw error
      return [`startPage of ${arn.arn}: ${error.message}`]
    }
  })
}
