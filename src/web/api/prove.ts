import { BrokerError, InvalidRequest, SignInFailed, SignInRequired } from '../../errors.ts'
import type { Exchange } from '../exchange.ts'
import { requestFacts } from '../request-context.ts'
import type { ProvenExchange } from './api-exchange.ts'
import type { ApiLimits } from './api-limits.ts'
import type { ApiCaller, ApiWay } from './api-way.ts'

/**
 * The one way by which a request brings its proof, not yet looked at. Throws SignInRequired where it brings none, and
 * InvalidRequest where it brings two.
 */
export function wayOf(ways: readonly ApiWay[], exchange: Exchange): ApiWay {
  if ((exchange.request.headersDistinct['authorization'] ?? []).length > 1) {
    throw new InvalidRequest('The header Authorization came more than once.')
  }
  const [way, ...others] = ways.filter((candidate) => candidate.claims(exchange))
  if (!way) {
    throw new SignInRequired('The API needs a sign-in. Run `postern login`, then try again.')
  }
  if (others.length > 0) {
    throw new InvalidRequest('The request proves in two ways who you are. Send one of them.')
  }
  return way
}

/** Lets in a program whose proof holds. Rejects with TooManyRequests, and as the way does. */
export function createProve(limits: ApiLimits) {
  return async (exchange: Exchange, way: ApiWay): Promise<ProvenExchange> => {
    const { request, context } = exchange
    await limits.admitAddress(context.address)
    const caller = await authenticate(way, exchange, limits)
    await limits.admitPerson(caller.identity)
    await caller.record?.()
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
