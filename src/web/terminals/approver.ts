import { proofEnd } from '../../identity/browser-session.ts'
import type { Approver } from '../../identity/terminals/approver.ts'
import type { SignedInExchange } from '../exchange.ts'
import { signInOf } from '../visitor.ts'

/** Whoever sits at the browser, who may not stay longer on the command line than what proved their sign-in lasts. */
export function approverOf({ identity, request }: SignedInExchange): Approver {
  const signedIn = signInOf(request)
  return { identity, endsAt: signedIn && proofEnd(signedIn) }
}

/** When a sign-in that is approved now would end; milliseconds since the epoch. */
export function endOf({ endsAt }: Approver, now: number, absoluteSeconds: number): number {
  const absolute = now + absoluteSeconds * 1000
  return Math.min(endsAt ?? absolute, absolute)
}
