import { partitionOfRegion } from '../../entitlements/region.ts'
import type { PathFault } from '../issue-faults.ts'
import type { Readable } from '../readable.ts'

/** Roles Anywhere has no dual-stack endpoints in the isolated partitions. */
export function endpointFaults({ issuers, dualStackAnywhere }: Readable): readonly PathFault[] {
  if (!dualStackAnywhere) return []
  return [...issuers].flatMap(([name, settings]): PathFault[] => {
    const place = settings.type === 'assume-role' ? settings.source : settings
    if (place.type !== 'roles-anywhere') return []
    const region = place.region ?? place.trustAnchorArn.split(':')[3] ?? ''
    if (partitionOfRegion(region)?.startsWith('aws-iso') !== true) return []
    const expected = `false, because Roles Anywhere has no dual-stack endpoint in ${region}, which the issuer ${name} asks`
    return [{ path: ['aws', 'dualStack'], found: 'true', expected }]
  })
}
