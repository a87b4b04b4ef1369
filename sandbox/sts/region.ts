import type { RoleEntry } from '../world/directory.ts'
import { StsError } from './sts-error.ts'

/** STS must be activated in the region, and that is judged in the account of the target role. */
export function checkRegion(role: RoleEntry, region: string): void {
  if (role.account.disabledRegions?.includes(region) === true) throw regionDisabled(role.account.id)
}

export function regionDisabled(account: string): StsError {
  return new StsError(
    403,
    'RegionDisabledException',
    `STS is not activated in this region for account:${account}. Your account administrator can activate STS in this region using the IAM Console.`,
  )
}
