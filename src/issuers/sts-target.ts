import { endpointIn, type StsEndpoint } from './sts-clients.ts'
import { stsHost } from './sts-region.ts'
import type { Target } from './unreachable.ts'

/** Whom a call to STS in a region reaches. */
export function stsTarget(region: string, endpoint: StsEndpoint | undefined): Target {
  const configured = endpointIn(region, endpoint)
  const host = configured === undefined ? stsHost(region) : new URL(configured).host
  return { host, setting: 'aws.endpoints.sts' }
}
