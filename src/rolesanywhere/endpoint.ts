import { InvalidRequest } from '../errors.ts'

export interface EndpointOptions {
  readonly region: string
  readonly fips?: boolean | undefined
  readonly dualStack?: boolean | undefined
  /** An address of one's own, with its scheme: a VPC endpoint, or an emulator. */
  readonly endpoint?: string | undefined
}

/** Where to send, and the region to sign for. */
export interface Endpoint {
  readonly url: URL
  readonly signingRegion: string
}

interface Suffixes {
  readonly regions: RegExp
  readonly suffix: string
  readonly dualStack: string | undefined
}

// AWS General Reference, "Service endpoints", and the partitions of AWS's SDKs. A region that none of the others claims
// belongs to the first, so that a new one works without a new version.
const partitions: readonly Suffixes[] = [
  {
    regions: /^cn-\w+-\d+$/,
    suffix: 'amazonaws.com.cn',
    dualStack: 'api.amazonwebservices.com.cn',
  },
  { regions: /^eusc-\w+-\w+-\d+$/, suffix: 'amazonaws.eu', dualStack: 'api.amazonwebservices.eu' },
  { regions: /^us-iso-\w+-\d+$/, suffix: 'c2s.ic.gov', dualStack: undefined },
  { regions: /^us-isob-\w+-\d+$/, suffix: 'sc2s.sgov.gov', dualStack: undefined },
  { regions: /^eu-isoe-\w+-\d+$/, suffix: 'cloud.adc-e.uk', dualStack: undefined },
  { regions: /^us-isof-\w+-\d+$/, suffix: 'csp.hci.ic.gov', dualStack: undefined },
  { regions: /^/, suffix: 'amazonaws.com', dualStack: 'api.aws' },
]

// One label of a host name, so that a region can't name another host.
const hostLabel = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/**
 * The endpoint of CreateSession for a region. `fips-us-east-1` and `us-east-1-fips` are old spellings of the region with
 * FIPS. InvalidRequest for what can't be combined or isn't there.
 */
export function resolveEndpoint(options: EndpointOptions): Endpoint {
  const signingRegion = options.region.replace(/^fips-|-fips$/, '')
  const fips = options.fips === true || signingRegion !== options.region
  const dualStack = options.dualStack === true
  if (!hostLabel.test(signingRegion))
    throw new InvalidRequest('The region is not the name of an AWS region.')
  if (options.endpoint) {
    if (fips || dualStack) {
      throw new InvalidRequest(
        'An endpoint of your own can be combined neither with FIPS nor with dual-stack.',
      )
    }
    return { url: customEndpoint(options.endpoint), signingRegion }
  }
  const { suffix, dualStack: dualStackSuffix } =
    partitions.find(({ regions }) => regions.test(signingRegion)) ?? unreachable()
  if (dualStack && dualStackSuffix === undefined) {
    throw new InvalidRequest(
      `There is no dual-stack endpoint in the partition of ${signingRegion}.`,
    )
  }
  const service = fips ? 'rolesanywhere-fips' : 'rolesanywhere'
  const domain = dualStack && dualStackSuffix ? dualStackSuffix : suffix
  return { url: new URL(`https://${service}.${signingRegion}.${domain}`), signingRegion }
}

function customEndpoint(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    throw new InvalidRequest(
      'The endpoint must be an address that starts with https:// or http://.',
    )
  }
  if (url.username || url.password || url.search || url.hash) {
    throw new InvalidRequest('The endpoint must hold no user, query or fragment.')
  }
  return url
}

function unreachable(): never {
  throw new Error('the last partition takes every region')
}
