import { SignInFailed, TooManyRequests } from '../../errors.ts'
import type { SamlMethod } from '../../identity/saml/saml-method.ts'
import { SamlRefusal } from '../../identity/saml/saml-refusal.ts'
import type { SignInLimits } from '../../identity/sign-in-limits.ts'
import type { WebDependencies } from '../dependencies.ts'
import type { Exchange } from '../exchange.ts'
import type { SignInRecord } from '../sign-in-record.ts'

/** Runs what takes a message; what it refuses is counted and recorded, and thrown again. */
export type Refuse = <Result>(
  exchange: Exchange,
  method: SamlMethod,
  what: 'sign-in' | 'sign-out',
  take: () => Promise<Result>,
) => Promise<Result>

export function samlRefusals(
  { metrics }: Pick<WebDependencies, 'metrics'>,
  limits: SignInLimits,
  record: SignInRecord,
): Refuse {
  return async (exchange, method, what, take) => {
    try {
      return await take()
    } catch (error) {
      if (!(error instanceof SignInFailed || error instanceof TooManyRequests)) throw error
      if (error instanceof SamlRefusal) metrics.samlRefused(method.id, error.refusal)
      if (error instanceof SignInFailed) await limits.refusedAddress(exchange.context.address, what)
      if (what === 'sign-in') await record.refused(exchange, method, error)
      else await record.signOutRefused(exchange, method, error)
      throw error
    }
  }
}
