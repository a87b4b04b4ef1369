import { AwsUnavailable } from '../errors.ts'
import type { Logger } from '../telemetry/logger.ts'
import type { IssueOrder, Issuer } from './issuer.ts'

export interface FailOverOptions {
  /** Where else the order can be asked for; undefined where nowhere. */
  readonly secondRegion: (order: IssueOrder) => string | undefined
  readonly logger: Pick<Logger, 'warn'>
}

/**
 * Asks in a second region when the first gives no answer that can be used: it is not there, too slow, has a fault of its
 * own, or throttles. A refusal is an answer. When the second is of no help either, the failure of the first is told.
 */
export function failOverIssuer(issuer: Issuer, { secondRegion, logger }: FailOverOptions): Issuer {
  return {
    name: issuer.name,
    limits: () => issuer.limits(),
    async issue(order) {
      try {
        return await issuer.issue(order)
      } catch (failure) {
        const region = secondRegion(order)
        if (!(failure instanceof AwsUnavailable) || region === undefined) throw failure
        const about = { issuer: issuer.name, region, why: failure.detail ?? failure.message }
        logger.warn(about, 'asking in the second region')
        return await issuer.issue({ ...order, region }).catch((second: unknown) => {
          logger.warn({ ...about, err: second }, 'the second region is of no help')
          throw failure
        })
      }
    },
  }
}
