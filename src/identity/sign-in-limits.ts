import { createHash } from 'node:crypto'
import { BrokerError, StateUnavailable, TooManyRequests } from '../errors.ts'
import { addressKey } from './address.ts'
import type { AttemptRule, AttemptStore, AttemptVerdict } from './attempt-store.ts'

/** Who tries to sign in: from where, and under which name. */
export interface SignInTry {
  readonly address: string
  readonly people: string
  readonly name: string
}

/** Limits of password guessing. Every method rejects with StateUnavailable when tries can't be counted. */
export interface SignInLimits {
  /** Takes a try, before any password is looked at. Rejects with TooManyRequests. */
  admit(signIn: SignInTry): Promise<void>
  refused(signIn: SignInTry): Promise<void>
  succeeded(signIn: SignInTry): Promise<void>
  /** Takes a start of a sign-in elsewhere, which writes something down for whoever comes. Rejects with TooManyRequests. */
  admitStart(address: string): Promise<void>
  /** Looks whether an address was refused too often. Rejects with TooManyRequests. */
  admitAddress(address: string, what?: Counted): Promise<void>
  refusedAddress(address: string, what?: Counted): Promise<void>
}

/**
 * What refusals of an address are counted for; sign-ins unless it is said. A message that ends a session may come in a
 * frame, so that any page can have its visitors send what is refused, and it must keep nobody of their office out.
 */
type Counted = 'sign-in' | 'sign-out'

export interface SignInLimitRules {
  /** Counts refusals only, because a whole office may share one address. */
  readonly address: AttemptRule
  /** Counts every try, so that tries made at once count too; a success clears it. */
  readonly name: AttemptRule
}

export const usualSignInLimits: SignInLimitRules = {
  address: { limit: 50, windowSeconds: 600, blockSeconds: 60, maxBlockSeconds: 3600 },
  name: { limit: 5, windowSeconds: 300, blockSeconds: 30, maxBlockSeconds: 900 },
}

// A whole office starts its day from one address.
const starts: AttemptRule = {
  limit: 1000,
  windowSeconds: 600,
  blockSeconds: 60,
  maxBlockSeconds: 600,
}

/** Limits on a store that all instances share. */
export function createSignInLimits(store: AttemptStore, rules: SignInLimitRules): SignInLimits {
  return {
    async admit(signIn) {
      demand(await counted(store.peek(keyOfAddress(signIn), rules.address)), 'address')
      demand(await counted(store.consume(keyOfName(signIn), rules.name)), 'name')
    },
    async refused(signIn) {
      await counted(store.consume(keyOfAddress(signIn), rules.address))
    },
    async succeeded(signIn) {
      await counted(store.reset(keyOfName(signIn)))
    },
    async admitStart(address) {
      demand(await counted(store.consume(`sign-in-start:${addressKey(address)}`, starts)), 'start')
    },
    async admitAddress(address, what) {
      demand(await counted(store.peek(keyOfAddress({ address }, what), rules.address)), 'address')
    },
    async refusedAddress(address, what) {
      await counted(store.consume(keyOfAddress({ address }, what), rules.address))
    },
  }
}

function demand(verdict: AttemptVerdict, by: string): void {
  if (verdict.allowed) return
  const seconds = verdict.retryAfterSeconds
  throw new TooManyRequests(`Too many tries. Wait ${seconds} s.`, seconds, `limit by ${by}`)
}

/** An uncounted try is a free guess, so whatever goes wrong with counting refuses it. */
async function counted<Result>(counting: Promise<Result>): Promise<Result> {
  try {
    return await counting
  } catch (error) {
    if (error instanceof BrokerError) throw error
    throw new StateUnavailable('Postern can’t take sign-ins at this moment. Try again later.', {
      detail: 'tries could not be counted',
      cause: error,
    })
  }
}

function keyOfAddress({ address }: Pick<SignInTry, 'address'>, what: Counted = 'sign-in'): string {
  return `${what}-address:${addressKey(address)}`
}

/** Hashed, because people type passwords into the wrong field. */
function keyOfName({ people, name }: SignInTry): string {
  const digest = createHash('sha256').update(JSON.stringify([people, name.toLowerCase()]))
  return `sign-in-name:${digest.digest('base64url')}`
}
