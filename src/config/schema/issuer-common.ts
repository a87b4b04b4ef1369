import { z } from 'zod'
import { duration } from './duration.ts'
import { integer } from './scalars.ts'

/** What every issuer has. `perSecond` stays below the quota of the call that it makes. */
export function issuerCommon(perSecond: number) {
  return {
    reuse: duration(0, 60)
      .default(60)
      .describe(
        'How long the same request of the same browser session gets the same credentials instead of new ones; 0 for never.',
      ),
    limit: z
      .strictObject({
        perSecond: integer(1, 5000)
          .default(perSecond)
          .describe("Calls a second for each account and region; stay below AWS's quota."),
        waiting: integer(0, 100_000)
          .default(perSecond * 5)
          .describe('Requests that may wait for their turn; the next is told to come back.'),
      })
      .prefault({})
      .describe('A limit of our own, in front of the one of AWS. People take turns in its queue.'),
  }
}
