import { setTimeout as delay } from 'node:timers/promises'
import { openState, type State } from '../../../src/state/open-state.ts'

/** The real state, in memory and at the real time. */
export function memoryState(): State & AsyncDisposable {
  const state = openState('sqlite::memory:', {
    now: () => new Date(),
    sleep: async (milliseconds) => {
      await delay(milliseconds)
    },
  })
  return { ...state, [Symbol.asyncDispose]: () => state.close() }
}
