import type { BareIssuer, IssuerParts } from './bare-issuer.ts'
import type { IssuerConfig } from '../config/issuer-config.ts'
import { partitionOfRegion } from '../entitlements/region.ts'
import type { IssueOrder } from '../issuers/issuer.ts'
import { stsAddress } from '../issuers/sts-address.ts'
import { stsRegion } from '../issuers/sts-region.ts'
import { stsTarget } from '../issuers/sts-target.ts'

/** How an issuer asks STS, and where. */
export function stsPlaces(
  { region: own }: IssuerConfig,
  caller: (order: IssueOrder) => string,
  { config }: IssuerParts,
) {
  const { aws } = config
  const { failOver, region: everywhere } = aws
  const defaultRegion = own ?? everywhere
  const stsEndpoint = (region: string): string | undefined => stsAddress(aws, region)
  const placed = ({ role, region }: IssueOrder) => stsRegion(role, region, defaultRegion)
  const places: Omit<BareIssuer, 'issuer'> = {
    placeOf: (order) => `${caller(order)} in ${placed(order)}`,
    hostOf: (order) => stsTarget(placed(order), stsEndpoint).host,
    secondRegion: (order) => secondRegion(order, placed(order), failOver?.region),
  }
  return { places, options: { defaultRegion, stsEndpoint } }
}

function secondRegion(
  { role }: IssueOrder,
  first: string,
  second: string | undefined,
): string | undefined {
  const elsewhere = second !== undefined && second !== first
  return elsewhere && partitionOfRegion(second) === role.partition ? second : undefined
}
