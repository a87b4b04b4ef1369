import { partitionOfRegion } from '../../entitlements/region.ts'
import { text } from './scalars.ts'

export const region = text({ max: 32 }).refine(
  (value) => partitionOfRegion(value) !== undefined,
  'an AWS region such as eu-west-1',
)
