import type { Effects } from '../effects.ts'
import { AccessDenied, SignInTooOld } from '../errors.ts'
import type { AssertionForOrder } from './assume-role-with-saml.ts'
import type { IssueOrder } from './issuer.ts'

/** Milliseconds that AWS takes a response for, less what a call with its retries may take. */
const redeemableFor = 5 * 60_000 - 20_000

/**
 * Passes on, untouched, what the person's own identity provider said to a sign-in method. Throws SignInTooOld where there
 * is nothing that AWS would still take, and AccessDenied where it does not name the role.
 */
export function passedAssertions(
  method: string,
  { now }: Pick<Effects, 'now'>,
): (order: IssueOrder) => Promise<AssertionForOrder> {
  return async ({ assertion, role }) => {
    const held = await assertion?.()
    const isFresh = held && now().getTime() - held.issuedAt < redeemableFor
    if (!isFresh || held.method !== method) throw new SignInTooOld(method)
    const pair = held.awsRoles.find(({ roleArn }) => roleArn === role.arn)
    if (!pair) {
      throw new AccessDenied(
        'Your sign-in does not bring this role any more. Ask whoever looks after AWS access.',
      )
    }
    const { response } = held
    return { response, providerArn: pair.providerArn, roleSessionName: undefined }
  }
}
