import type { Logger } from '../telemetry/logger.ts'
import type { ChainedAuditTrail } from './chained-audit-trail.ts'

export interface HeadLogOptions {
  readonly everyMilliseconds?: number
  /** Told the number of the last line, for the metrics. */
  readonly onHead?: (seq: number) => void
}

/**
 * Each minute writes the counted refusals, then logs the chain's head and count. A tail that was cut shows only against
 * a head that was noted elsewhere; the logged `SEQ:MAC` is what `postern-server audit verify --head` takes. Dispose to stop.
 */
export function startHeadLog(
  trail: Pick<ChainedAuditTrail, 'instance' | 'flush' | 'head'>,
  logger: Logger,
  { everyMilliseconds = 60_000, onHead }: HeadLogOptions = {},
): Disposable {
  const tick = async () => {
    try {
      await trail.flush()
      const head = await trail.head()
      if (head === undefined) return
      const { seq, mac } = head.line
      logger.info(
        { instance: trail.instance, head: `${seq}:${mac}`, count: head.count },
        'audit head',
      )
      onHead?.(seq)
    } catch (error) {
      logger.error({ err: error }, 'the audit head can’t be read')
    }
  }
  const timer = setInterval(() => void tick(), everyMilliseconds)
  timer.unref()
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer)
    },
  }
}
