import { AwsUnavailable, BrokerError } from '../errors.ts'
import { RolesAnywhereFault } from '../rolesanywhere/rolesanywhere-fault.ts'
import { advise } from './advise.ts'
import { AwsThrottled } from './aws-throttled.ts'
import { rolesAnywhereAdvice } from './roles-anywhere-advice.ts'
import { type Target, unreachable } from './unreachable.ts'

/** What a CreateSession that failed means for whoever asked. Faults of our own code pass as they are. */
export function createSessionFailure(error: unknown, target: Target): unknown {
  if (error instanceof RolesAnywhereFault) return refusalOf(error)
  if (error instanceof BrokerError) return error
  return unreachable(error, target) ?? error
}

function refusalOf({ fault, mayPass, detail }: RolesAnywhereFault): BrokerError {
  if (!mayPass) return advise(fault, rolesAnywhereAdvice)
  const status = fault.status ?? 0
  if (status < 500) return new AwsThrottled(`CreateSession: ${fault.code}; ${detail ?? ''}`)
  return new AwsUnavailable('AWS has a fault of its own at the moment. Try again in a minute.', {
    detail: `${fault.code}; ${detail ?? ''}`,
  })
}
