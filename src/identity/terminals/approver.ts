import type { Identity } from '../identity.ts'

/** Somebody who approves. `endsAt`: when they must sign in again at the latest, milliseconds since the epoch. */
export interface Approver {
  readonly identity: Identity
  readonly endsAt: number | undefined
}
