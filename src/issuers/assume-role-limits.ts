import type { Effects } from '../effects.ts'
import type { IssuerLimits } from '../entitlements/durations.ts'
import type { Logger } from '../telemetry/logger.ts'
import { abortable } from './abortable.ts'
import { chainedLimits, isChained, unchainedLimits, unknownLimits } from './base-credentials.ts'
import type { StsClients } from './sts-clients.ts'

export interface LimitsOptions {
  readonly clients: StsClients
  /** Region of the client whose credentials are looked at; all have the same. */
  readonly region: string
  readonly chained: boolean | undefined
  readonly effects: Pick<Effects, 'now'>
  readonly logger: Pick<Logger, 'warn'>
}

export interface Limits {
  current(): Promise<IssuerLimits>
  /** AWS has said that it counts our credentials as a role. */
  learnChained(): void
}

/** Milliseconds: a page waits for this. */
const patience = 2_000
/** Milliseconds that a failure is believed, so that pages don't each wait for an instance that isn't there. */
const failureLasts = 30_000

/** What can be promised with Postern's own credentials, which the SDK keeps and renews. Never rejects. */
export function createLimits({ clients, region, chained, effects, logger }: LimitsOptions): Limits {
  let learnt = chained
  let failedUntil = 0

  async function look(): Promise<IssuerLimits> {
    const client = await clients.forRegion(region)
    const found = await abortable(client.config.credentials(), AbortSignal.timeout(patience))
    return isChained(found) ? chainedLimits : unchainedLimits
  }

  return {
    async current() {
      if (learnt !== undefined) return learnt ? chainedLimits : unchainedLimits
      if (effects.now().getTime() < failedUntil) return unknownLimits
      try {
        return await look()
      } catch (error) {
        failedUntil = effects.now().getTime() + failureLasts
        logger.warn({ reason: error instanceof Error ? error.name : 'unknown' }, unseen)
        return unknownLimits
      }
    },
    learnChained() {
      learnt = true
    },
  }
}

const unseen = "the broker's own AWS credentials could not be looked at; it promises the least"
