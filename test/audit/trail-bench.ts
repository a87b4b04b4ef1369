import type { AuditEvent } from '../../src/audit/audit-event.ts'
import {
  type AuditTrailOptions,
  type ChainedAuditTrail,
  openAuditTrail,
} from '../../src/audit/chained-audit-trail.ts'
import { openState, type State } from '../../src/state/open-state.ts'
import { sleep, StoppedClock } from '../conformance/state-engines.ts'
import { silentLogger } from '../support/silent-logger.ts'

export const key = Buffer.alloc(32, 7)

/** A trail in memory, or at `location`, on a clock that stands still. */
export interface TrailBench extends AsyncDisposable {
  readonly trail: ChainedAuditTrail
  readonly state: State
  readonly clock: StoppedClock
}

export async function openTrail(
  options: Partial<AuditTrailOptions> = {},
  location = 'sqlite::memory:',
): Promise<TrailBench> {
  const clock = new StoppedClock()
  const state = openState(location, { now: clock.now, sleep })
  try {
    const trail = await openAuditTrail({
      state,
      key,
      instance: 'postern-1',
      effects: clock,
      logger: silentLogger,
      ...options,
    })
    return { trail, state, clock, [Symbol.asyncDispose]: () => state.close() }
  } catch (error) {
    await state.close()
    throw error
  }
}

export function issued(index: number, more: Partial<AuditEvent> = {}): AuditEvent {
  return {
    type: 'role-session-issued',
    requestId: `request-${index}`,
    address: '192.0.2.1',
    people: 'staff',
    personId: 'bob',
    accessKeyId: `ASIA${index}`,
    ...more,
  }
}
