import type { WebDependencies } from '../dependencies.ts'
import type { Entrant } from '../entrant.ts'
import type { Exchange } from '../exchange.ts'
import type { ReturnPlaces } from '../return-places.ts'
import { resumePath } from './sign-in-again.ts'

/**
 * Where somebody goes who came with a response for AWS and may have one role, and that one by the response: nothing is to
 * be chosen, so the way leads to its role session. Undefined for everybody else. `key` is the one that the browser is given
 * with this sign-in.
 */
export async function straightThrough(
  exchange: Exchange,
  key: string,
  { identity, assertion }: Pick<Entrant, 'identity' | 'assertion'>,
  parts: { readonly dependencies: WebDependencies; readonly places: ReturnPlaces },
): Promise<string | undefined> {
  const { broker, passesOn } = parts.dependencies
  if (!assertion || passesOn?.has(assertion.method) !== true) return undefined
  const [offer, ...others] = await broker.offers(identity)
  const role = offer?.entitlement.role.arn.arn
  const isNamed = assertion.awsRoles.some(({ roleArn }) => roleArn === role)
  if (role === undefined || others.length > 0 || !isNamed) return undefined
  const place = { path: resumePath, form: { role, console: 'true' } }
  const number = await parts.places.keepArrival(exchange, key, place)
  return number === undefined ? undefined : `${resumePath}?arrival=${number}`
}
