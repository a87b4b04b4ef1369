import type { Partition, RoleArn } from '../entitlements/arn.ts'
import { partitionOfRegion } from '../entitlements/region.ts'
import { InvalidRequest } from '../errors.ts'

/** Where STS is asked when nobody named a region. Regional everywhere: tokens of the global endpoint fail in opt-in regions. */
const usual: Record<Partition, string> = {
  aws: 'us-east-1',
  'aws-cn': 'cn-north-1',
  'aws-us-gov': 'us-gov-west-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1',
  'aws-iso-b': 'us-isob-east-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-south-1',
}

/**
 * The region whose STS is asked for a role: the one wanted, else the configured one if it is in the partition of the
 * role, else the partition's usual one. Throws InvalidRequest for a region of another partition, where the role does
 * not exist.
 */
export function stsRegion(
  { partition }: Pick<RoleArn, 'partition'>,
  wanted: string | undefined,
  configured: string | undefined,
): string {
  if (wanted !== undefined) {
    if (partitionOfRegion(wanted) === partition) return wanted
    throw new InvalidRequest(`The role is in the partition ${partition}, and that region is not.`)
  }
  if (configured !== undefined && partitionOfRegion(configured) === partition) return configured
  return usual[partition]
}

interface Suffixes {
  readonly usual: string
  readonly dualStack: string
}

const suffixes: Record<Partition, Suffixes> = {
  aws: { usual: 'amazonaws.com', dualStack: 'api.aws' },
  'aws-cn': { usual: 'amazonaws.com.cn', dualStack: 'api.amazonwebservices.com.cn' },
  'aws-us-gov': { usual: 'amazonaws.com', dualStack: 'api.aws' },
  'aws-eusc': { usual: 'amazonaws.eu', dualStack: 'api.amazonwebservices.eu' },
  'aws-iso': { usual: 'c2s.ic.gov', dualStack: 'api.aws.ic.gov' },
  'aws-iso-b': { usual: 'sc2s.sgov.gov', dualStack: 'api.aws.scloud' },
  'aws-iso-e': { usual: 'cloud.adc-e.uk', dualStack: 'api.cloud-aws.adc-e.uk' },
  'aws-iso-f': { usual: 'csp.hci.ic.gov', dualStack: 'api.aws.hci.ic.gov' },
}

/** Which of AWS's own endpoints: FIPS 140 validated, reachable by IPv6, or both. */
export interface EndpointVariant {
  readonly fips: boolean
  readonly dualStack: boolean
}

/** The host of STS in a region (AWS General Reference, "AWS STS endpoints", and the endpoint rules of AWS's SDKs). */
export function stsHost(
  region: string,
  { fips, dualStack }: EndpointVariant = { fips: false, dualStack: false },
): string {
  const partition = partitionOfRegion(region) ?? 'aws'
  // In GovCloud every endpoint is validated, and only the dual-stack one says so.
  const says = fips && (partition !== 'aws-us-gov' || dualStack)
  const suffix = suffixes[partition][dualStack ? 'dualStack' : 'usual']
  return `sts${says ? '-fips' : ''}.${region}.${suffix}`
}
