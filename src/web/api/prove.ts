import { BrokerError, InvalidRequest, SignInFailed, SignInRequired } from '../../errors.ts'
import type { Exchange } from '../exchange.ts'
import { requestFacts } from '../request-context.ts'
import type { ProvenExchange } from './api-exchange.ts'
import type { ApiLimits } from './api-limits.ts'
import type { ApiCaller, ApiWay } from './api-way.ts'

/**
 * Lets in a program that proves by exactly one way who it acts for. Rejects with SignInRequired where it brings no proof,
 * InvalidRequest where it brings two, TooManyRequests, and as the way does.
 */
export function createProve(ways: readonly ApiWay[], limits: ApiLimits) {
  return async (exchange: Exchange): Promise<ProvenExchange> => {
    const { request, context } = exchange
    if ((request.headersDistinct['authorization'] ?? []).length > 1) {
      throw new InvalidRequest('The header Authorization came more than once.')
    }
    const [way, ...others] = ways.filter((candidate) => candidate.claims(exchange))
    if (!way) {
      throw new SignInRequired('The API needs a sign-in. Run `postern login`, then try again.')
    }
    if (others.length > 0) {
      throw new InvalidRequest('The request proves in two ways who you are. Send one of them.')
    }
    await limits.admitAddress(context.address)
    const caller = await authenticate(way, exchange, limits)
    await limits.admitPerson(caller.identity)
    requestFacts(request).person = caller.identity.person
    const { asker, by, terminal } = caller
    return { ...exchange, caller, context: { ...context, asker, by, terminal } }
  }
}

async function authenticate(
  way: ApiWay,
  exchange: Exchange,
  limits: ApiLimits,
): Promise<ApiCaller> {
  try {
    return await way.authenticate(exchange)
  } catch (error) {
    const isRefusal =
      error instanceof SignInFailed || (error instanceof BrokerError && error.status === 401)
    if (isRefusal) {
      await limits.refusedAddress(exchange.context.address)
    }
    throw error
  }
}
