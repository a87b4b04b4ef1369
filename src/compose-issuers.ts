import type { Config, IssuerConfig } from './config/config.ts'
import { partitionOfRegion } from './entitlements/region.ts'
import type { Effects } from './effects.ts'
import { createAssumeRoleIssuer } from './issuers/assume-role.ts'
import { Circuits } from './issuers/circuits.ts'
import { failOverIssuer } from './issuers/fail-over-issuer.ts'
import type { IssueOrder, Issuer } from './issuers/issuer.ts'
import { Limits } from './issuers/limits.ts'
import { reusingIssuer } from './issuers/reusing-issuer.ts'
import { stsRegion } from './issuers/sts-region.ts'
import { stsTarget } from './issuers/sts-target.ts'
import type { Logger } from './telemetry/logger.ts'
import { measuredIssuer } from './telemetry/measured-aws-calls.ts'

export interface IssuerParts {
  readonly config: Config
  readonly effects: Effects
  readonly logger: Logger
  readonly tellCall: (operation: string, outcome: string, seconds: number) => void
}

/** Every configured way to get credentials, with what stands around each. */
export interface ComposedIssuers {
  readonly issuers: ReadonlyMap<string, Issuer>
  /** Endpoints that are left alone at the moment, for operators. */
  readonly faults: () => readonly string[]
}

/** A bare issuer, and what its decorators must know of it. */
interface Bare {
  readonly issuer: Issuer
  readonly regionOf: (order: IssueOrder) => string
  readonly hostOf: (order: IssueOrder) => string
  /** What AWS counts the calls for, beside the region. */
  readonly caller: string
  readonly secondRegion: (order: IssueOrder) => string | undefined
}

/** From the inside out: a limit and a circuit for each endpoint, the second region, the metrics, single flight and reuse. */
export function composeIssuers(parts: IssuerParts): ComposedIssuers {
  const { config, effects, logger, tellCall } = parts
  const { failures, pause } = config.aws.circuit
  const circuits = new Circuits(effects, { failures, pause: pause * 1000 })
  const limits = new Limits(effects)
  const decorated = (name: string, settings: IssuerConfig): Issuer => {
    const { issuer, regionOf, hostOf, caller, secondRegion } = bareIssuer(name, settings, parts)
    const placeOf = (order: IssueOrder): string => `${caller} in ${regionOf(order)}`
    const limited = limits.guard(issuer, settings.limit, placeOf)
    const guarded = circuits.guard(limited, hostOf)
    const failingOver = failOverIssuer(guarded, { secondRegion, logger })
    const measured = measuredIssuer(failingOver, tellCall, effects.now)
    return reusingIssuer(measured, { effects, seconds: settings.reuse })
  }
  const entries = [...config.issuers].map(([name, settings]): [string, Issuer] => [
    name,
    decorated(name, settings),
  ])
  return { issuers: new Map(entries), faults: () => circuits.faults() }
}

function bareIssuer(name: string, settings: IssuerConfig, parts: IssuerParts): Bare {
  const { effects, logger } = parts
  const { aws, network } = parts.config
  const { failOver, endpoints } = aws
  const defaultRegion = settings.region ?? aws.region
  const stsEndpoint = (region: string): string | undefined =>
    region === failOver?.region ? failOver.sts : endpoints.sts
  const issuer = createAssumeRoleIssuer({
    name,
    source: settings.source,
    stsEndpoint,
    defaultRegion,
    chained: { auto: undefined, yes: true, no: false }[settings.chained],
    effects,
    logger,
    timeouts: { connect: network.connectTimeout, answer: network.answerTimeout },
    attempts: aws.attempts,
  })
  const regionOf = ({ role, region }: IssueOrder) => stsRegion(role, region, defaultRegion)
  return {
    issuer,
    regionOf,
    hostOf: (order) => stsTarget(regionOf(order), stsEndpoint).host,
    caller: callerOf(settings),
    secondRegion: (order) => secondRegion(order, regionOf(order), failOver?.region),
  }
}

/** Issuers with the same base credentials share a quota. */
function callerOf({ source }: IssuerConfig): string {
  return source.type === 'profile' ? `profile ${source.name}` : source.type
}

function secondRegion(
  { role }: IssueOrder,
  first: string,
  second: string | undefined,
): string | undefined {
  const elsewhere = second !== undefined && second !== first
  return elsewhere && partitionOfRegion(second) === role.partition ? second : undefined
}
