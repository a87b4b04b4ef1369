import { BrokerApi } from './broker-api.ts'
import type { Send, Way } from './broker-sender.ts'
import { sendTo } from './broker-sender.ts'
import type { BrokerSettings } from './broker-settings.ts'
import type { Surroundings } from '../surroundings.ts'

/** The API of a broker for somebody who has proven nothing: what a login needs. */
export function strangersApi(way: Way, surroundings: Surroundings): BrokerApi {
  return new BrokerApi(way.origin, (request) => sendTo(way, request, {}, surroundings))
}

/** The API of a broker, proving at each request who one is. */
export async function connectBroker(
  settings: BrokerSettings,
  surroundings: Surroundings,
): Promise<BrokerApi> {
  return new BrokerApi(settings.origin, await sender(settings, surroundings))
}

// Each way is loaded by need: most people have one.
async function sender(settings: BrokerSettings, surroundings: Surroundings): Promise<Send> {
  const { origin, route, proof, known } = settings
  const way: Way = { origin, route }
  if (proof.by === 'ticket') {
    const { sendWithTicket } = await import('./proof/send-with-ticket.ts')
    return sendWithTicket(way, surroundings)
  }
  if (proof.by === 'certificate') {
    const { sendWithCertificate } = await import('./proof/send-with-certificate.ts')
    return sendWithCertificate(way, proof.keys, surroundings)
  }
  const { SignInNeeded } = await import('./api-fault.ts')
  if (known?.by !== 'token') throw new SignInNeeded(origin)
  const { tokenKeeper } = await import('./token-keeper.ts')
  const { sendWithToken } = await import('./proof/send-with-token.ts')
  const keeper = await tokenKeeper(way, known.kept ?? 'file', surroundings)
  return sendWithToken(way, keeper, surroundings)
}
