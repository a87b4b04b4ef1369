import type { ClaimStore } from '../../../src/identity/claim-store.ts'
import type {
  SignInStateStore,
  StoredSignInState,
} from '../../../src/identity/sign-in-state-store.ts'

/** Claims in memory; yields before it decides, so that callers at once really meet. */
export function memoryClaims(): ClaimStore & { readonly size: () => number } {
  const claimed = new Set<string>()
  return {
    size: () => claimed.size,
    async claim(scope, id) {
      await Promise.resolve()
      const key = `${scope} ${id}`
      if (claimed.has(key)) return false
      claimed.add(key)
      return true
    },
    deleteExpired: () => Promise.resolve(0),
  }
}

/** Sign-in states in memory. */
export function memoryStates(): SignInStateStore {
  const states = new Map<string, StoredSignInState>()
  const live = (idHash: string, now: number) => {
    const state = states.get(idHash)
    return state && state.expiresAt > now ? state : undefined
  }
  return {
    async put(state) {
      await Promise.resolve()
      states.set(state.idHash, state)
    },
    async read(idHash, now) {
      await Promise.resolve()
      return live(idHash, now)
    },
    async take(idHash, now) {
      await Promise.resolve()
      const state = live(idHash, now)
      states.delete(idHash)
      return state
    },
    deleteExpired: () => Promise.resolve(0),
  }
}
