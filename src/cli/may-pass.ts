import { AwsUnavailable } from '../errors.ts'
import { RolesAnywhereFault } from '../rolesanywhere/rolesanywhere-fault.ts'

/** Whether a failure may pass by itself: throttling, AWS's own, or the network's. */
export function mayPass(error: unknown): boolean {
  return error instanceof RolesAnywhereFault ? error.mayPass : error instanceof AwsUnavailable
}
