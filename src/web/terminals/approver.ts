import type { Approver } from '../../identity/terminals/approver.ts'
import type { SignedInExchange } from '../exchange.ts'
import { samlSessionOf } from '../visitor.ts'

/** Whoever sits at the browser, who may not stay longer on the command line than an identity provider lets them stay. */
export function approverOf({ identity, request }: SignedInExchange): Approver {
  return { identity, endsAt: samlSessionOf(request)?.endsAt }
}

/** When a sign-in that is approved now would end; milliseconds since the epoch. */
export function endOf({ endsAt }: Approver, now: number, absoluteSeconds: number): number {
  const absolute = now + absoluteSeconds * 1000
  return Math.min(endsAt ?? absolute, absolute)
}
