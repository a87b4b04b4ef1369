import { AwsUnavailable } from '../errors.ts'
import { ApiFault } from './broker/api-fault.ts'
import { RolesAnywhereFault } from '../rolesanywhere/rolesanywhere-fault.ts'

/** Whether a failure may pass by itself: throttling, AWS's own, or the network's. */
export function mayPass(error: unknown): boolean {
  if (error instanceof RolesAnywhereFault || error instanceof ApiFault) return error.mayPass
  return error instanceof AwsUnavailable
}
