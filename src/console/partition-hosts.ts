import type { Partition } from '../entitlements/arn.ts'
import { partitionOfRegion } from '../entitlements/region.ts'
import { InvalidRequest } from '../errors.ts'

interface Hosts {
  readonly signIn: string
  readonly console: string
  /** The region that goes without a prefix; undefined where every region has one. */
  readonly bareRegion: string | undefined
  /** Where nobody named a region. */
  readonly usualRegion: string
  /** Whether sign-in has hosts of its own in regions. */
  readonly regionalSignIn: boolean
}

/** AWS General Reference, "AWS sign-in endpoints"; endpoint rules of the AWS SDKs for `signin`. */
const hosts: Partial<Record<Partition, Hosts>> = {
  aws: {
    signIn: 'signin.aws.amazon.com',
    console: 'console.aws.amazon.com',
    bareRegion: 'us-east-1',
    usualRegion: 'us-east-1',
    regionalSignIn: true,
  },
  'aws-cn': {
    signIn: 'signin.amazonaws.cn',
    console: 'console.amazonaws.cn',
    bareRegion: 'cn-north-1',
    usualRegion: 'cn-north-1',
    regionalSignIn: false,
  },
  'aws-us-gov': {
    signIn: 'signin.amazonaws-us-gov.com',
    console: 'console.amazonaws-us-gov.com',
    bareRegion: 'us-gov-west-1',
    usualRegion: 'us-gov-west-1',
    regionalSignIn: true,
  },
  'aws-eusc': {
    signIn: 'signin.amazonaws-eusc.eu',
    console: 'console.amazonaws-eusc.eu',
    bareRegion: undefined,
    usualRegion: 'eusc-de-east-1',
    regionalSignIn: true,
  },
}

export interface PartitionHosts {
  /** `https://eu-west-1.signin.aws.amazon.com/federation`. */
  readonly federationEndpoint: string
  /** `https://eu-west-1.console.aws.amazon.com`. */
  readonly consoleOrigin: string
  /** `console.aws.amazon.com`: what each console host of the partition ends with. */
  readonly consoleHost: string
}

/**
 * The hosts of sign-in and console for a region, or for the partition's usual one; undefined for partitions whose hosts
 * AWS does not publish. Throws InvalidRequest for a region of another partition.
 */
export function partitionHosts(
  partition: Partition,
  region: string | undefined,
): PartitionHosts | undefined {
  if (region !== undefined && partitionOfRegion(region) !== partition)
    throw new InvalidRequest(`The role is in the partition ${partition}, and that region is not.`)
  const found = hosts[partition]
  if (!found) return undefined
  const prefix = prefixFor(region ?? found.usualRegion, found)
  return {
    federationEndpoint: `https://${found.regionalSignIn ? prefix : ''}${found.signIn}/federation`,
    consoleOrigin: `https://${prefix}${found.console}`,
    consoleHost: found.console,
  }
}

function prefixFor(region: string, { bareRegion }: Hosts): string {
  return region === bareRegion ? '' : `${region}.`
}
