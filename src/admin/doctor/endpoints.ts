import { request } from 'undici'
import { rolesAnywherePlace } from '../../compose/roles-anywhere.ts'
import type { Config } from '../../config/config.ts'
import { partitionHosts } from '../../console/partition-hosts.ts'
import type { Partition } from '../../entitlements/arn.ts'
import type { Effects } from '../../effects.ts'
import { stsAddress } from '../../issuers/sts-address.ts'
import { stsHost, stsRegion } from '../../issuers/sts-region.ts'
import { unreachable } from '../../issuers/unreachable.ts'
import { rolesAnywhereTarget } from '../../issuers/roles-anywhere.ts'
import { examined, type Finding, ok } from './finding.ts'

/** An address that Postern must reach, and the setting that can move it. */
interface Endpoint {
  readonly name: string
  readonly url: string
  readonly setting: string
  /** Whether requests there are signed, so that clocks must agree. */
  readonly signed: boolean
}

/** Every endpoint that the configured roles and issuers need. */
export function endpointsOf(config: Config): readonly Endpoint[] {
  const { aws, roles, issuers } = config
  const partitions = new Set([...roles.values()].map(({ arn }) => arn.partition))
  const named = [...partitions].flatMap((partition) => endpointsIn(partition, config))
  const anywhere = [...issuers.values()].flatMap((issuer): Endpoint[] => {
    const place =
      issuer.type === 'roles-anywhere'
        ? issuer
        : issuer.type === 'assume-role' && issuer.source.type === 'roles-anywhere'
          ? issuer.source
          : undefined
    if (!place) return []
    const { host } = rolesAnywhereTarget(rolesAnywherePlace(place, { config }))
    const url = aws.endpoints.rolesAnywhere ?? `https://${host}`
    const setting = 'aws.endpoints.rolesAnywhere'
    return [{ name: 'IAM Roles Anywhere', url, setting, signed: true }]
  })
  return [...new Map([...named, ...anywhere].map((one) => [one.url, one])).values()]
}

function endpointsIn(partition: Partition, { aws, roles, issuers }: Config): readonly Endpoint[] {
  const { endpoints, failOver } = aws
  const usesSts = [...issuers.values()].some(({ type }) => type !== 'roles-anywhere')
  const regions = new Set(
    [...roles.values()]
      .filter(({ arn }) => arn.partition === partition)
      .map((role) => {
        const own = issuers.get(role.issuer)?.region ?? aws.region
        return stsRegion(role.arn, role.region, own)
      }),
  )
  const first = [...regions].map((region): Endpoint => {
    const url = stsAddress(aws, region) ?? `https://${stsHost(region)}`
    return { name: `STS ${region}`, url, setting: 'aws.endpoints.sts', signed: true }
  })
  const second: readonly Endpoint[] = failOver
    ? [
        {
          name: `STS ${failOver.region}, the second region`,
          url: stsAddress(aws, failOver.region) ?? `https://${stsHost(failOver.region)}`,
          setting: 'aws.failOver.sts',
          signed: true,
        },
      ]
    : []
  const federation =
    endpoints.federation ?? partitionHosts(partition, undefined)?.federationEndpoint
  const setting = 'aws.endpoints.federation'
  return [
    ...(usesSts ? [...first, ...second] : []),
    ...(federation === undefined
      ? []
      : [{ name: 'federation endpoint', url: federation, setting, signed: false }]),
  ]
}

/** Seconds by which a clock may differ before AWS refuses: five minutes for some services, fifteen for STS. */
const mostSkew = 240

/** Whether something answers there, and how far its clock is from ours. */
export async function examineEndpoint(
  { name, url, setting, signed }: Endpoint,
  { network, now }: Pick<Effects, 'network' | 'now'>,
): Promise<Finding> {
  const { host } = new URL(url)
  return examined(`${name} at ${host}`, async () => {
    const asked = { dispatcher: network.dispatcher, signal: AbortSignal.timeout(15_000) }
    const answer = await request(url, asked).catch((error: unknown) => {
      throw unreachable(error, { host, setting }) ?? error
    })
    await answer.body.dump()
    const { date } = answer.headers
    const theirs = typeof date === 'string' ? Date.parse(date) : Number.NaN
    const what = `${name} at ${host}`
    if (Number.isNaN(theirs)) return ok(what, `answers (status ${answer.statusCode})`)
    const skew = Math.round((theirs - now().getTime()) / 1000)
    if (!signed || Math.abs(skew) < mostSkew) return ok(what, `answers; clocks differ by ${skew} s`)
    return {
      what,
      state: 'failed',
      says: `the clock of this machine differs from that of AWS by ${skew} s, so signatures are refused`,
      fixes: ['Let NTP set the clock of the machine that Postern runs on.'],
    }
  })
}
