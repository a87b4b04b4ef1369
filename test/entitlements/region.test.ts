import { expect, test } from 'vitest'
import { partitionOfRegion } from '../../src/entitlements/region.ts'

test.each([
  ['eu-west-1', 'aws'],
  ['us-east-1', 'aws'],
  ['mx-central-1', 'aws'],
  ['ap-southeast-12', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['eusc-de-east-1', 'aws-eusc'],
  ['us-iso-east-1', 'aws-iso'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eu-isoe-west-1', 'aws-iso-e'],
  ['us-isof-south-1', 'aws-iso-f'],
])('%s is a region of %s', (region, partition) => {
  expect(partitionOfRegion(region)).toBe(partition)
})

test.each([
  '',
  'aws',
  'eu-west',
  'EU-WEST-1',
  'eu-west-1.evil.example',
  'eu-west-1/',
  ' eu-west-1',
  'eu_west_1',
])('%j is no region', (text) => {
  expect(partitionOfRegion(text)).toBeUndefined()
})
