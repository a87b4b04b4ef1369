import type { Partition } from './arn.ts'

const regionShape = /^[a-z]{2,8}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/

/** Prefixes of region names, as botocore's partitions.json has them; everything else is `aws`. */
const prefixes: readonly (readonly [string, Partition])[] = [
  ['cn-', 'aws-cn'],
  ['us-gov-', 'aws-us-gov'],
  ['eusc-', 'aws-eusc'],
  ['us-iso-', 'aws-iso'],
  ['us-isob-', 'aws-iso-b'],
  ['eu-isoe-', 'aws-iso-e'],
  ['us-isof-', 'aws-iso-f'],
]

/** The partition of a region, or undefined when the text is no region name. A region that is new to us passes. */
export function partitionOfRegion(region: string): Partition | undefined {
  if (!regionShape.test(region)) return undefined
  return prefixes.find(([prefix]) => region.startsWith(prefix))?.[1] ?? 'aws'
}
