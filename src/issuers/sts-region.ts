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

const suffixes: Record<Partition, string> = {
  aws: 'amazonaws.com',
  'aws-cn': 'amazonaws.com.cn',
  'aws-us-gov': 'amazonaws.com',
  'aws-eusc': 'amazonaws.eu',
  'aws-iso': 'c2s.ic.gov',
  'aws-iso-b': 'sc2s.sgov.gov',
  'aws-iso-e': 'cloud.adc-e.uk',
  'aws-iso-f': 'csp.hci.ic.gov',
}

/** The host of STS in a region, for messages; the SDK finds it by itself (AWS General Reference, "AWS STS endpoints"). */
export function stsHost(region: string): string {
  return `sts.${region}.${suffixes[partitionOfRegion(region) ?? 'aws']}`
}
