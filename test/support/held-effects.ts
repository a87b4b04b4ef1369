import { onTestFinished } from 'vitest'
import { type Effects, type NetworkOptions, openNetwork } from '../../src/effects.ts'

export interface HeldEffects extends Effects {
  /** Milliseconds of every pause that was asked for; none is waited for. */
  readonly pauses: number[]
}

/** A clock that stands, randomness that is all ones, pauses that are over at once, and the real network. */
export function heldEffects(now: Date, options: NetworkOptions = {}): HeldEffects {
  const network = openNetwork(options)
  onTestFinished(async () => network.close())
  const pauses: number[] = []
  return {
    now: () => now,
    randomBytes: (length) => Buffer.alloc(length, 0xff),
    sleep: (milliseconds) => {
      pauses.push(milliseconds)
      return Promise.resolve()
    },
    network,
    pauses,
  }
}
