import { proofEnd } from '../../identity/browser-session.ts'
import type { Approver } from '../../identity/terminals/approver.ts'
import type { SignedInExchange } from '../exchange.ts'
import { signInOf } from '../visitor.ts'

/** Whoever sits at the browser, who may not stay longer on the command line than what proved their sign-in lasts. */
export function approverOf({ identity, request }: SignedInExchange): Approver {
  const signedIn = signInOf(request)
  return { identity, endsAt: signedIn && proofEnd(signedIn) }
}
